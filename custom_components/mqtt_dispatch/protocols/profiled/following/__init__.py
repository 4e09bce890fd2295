"""Follows commands whose answers bear no id, by what their nodes tell."""
