"""The parts of the crash matrix that decide, without a process."""
