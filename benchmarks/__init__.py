"""What the main pages cost, against a floor view of the same server: `make bench`.

`seeding` fills a portal with applications in every state, `pages` says which pages are asked for and
by whom, `measuring` asks for them, `report` prints what was found.
"""
