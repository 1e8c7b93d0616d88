"""Numbers of a study, from columns of votes: agreement, strengths, order, blinding. Pure."""
