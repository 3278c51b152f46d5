"""Damaged recordings, folders and manifests, and the check that each is refused in one clear line."""
