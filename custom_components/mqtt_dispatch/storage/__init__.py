"""The files of a station: read, migrated, committed, archived."""
