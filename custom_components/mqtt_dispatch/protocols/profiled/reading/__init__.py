"""Makes a `Profile` of what somebody wrote, or says where it is wrong."""
