"""Impacts cut out of clips, learnt, and placed anew over backgrounds without any."""
