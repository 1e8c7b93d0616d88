"""Training: from folders of films to networks; knows no database and no web."""
