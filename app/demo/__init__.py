"""The demo: chest films that no patient ever had, and a study made of them."""
