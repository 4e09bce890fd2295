"""What the card and the panel are told: pictures of stations, to look at only.

Who acts does so by the actions.
"""
