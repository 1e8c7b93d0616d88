"""Who may come in: users, their sign-ins, their tokens, and what they did."""
