# Not a revision.
