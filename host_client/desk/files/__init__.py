"""Files at the desk: what arrives is written into one folder, what the person picked is read, and nothing else is touched.

The guardian decides and the desk does, as the person's own account. Every file is reached through a descriptor of its folder and no
link is followed; archives are never unpacked, and nothing that arrives is ever run or opened.
"""
