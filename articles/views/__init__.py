"""The public pages of articles, by their kinds. All of it reads, and what it reads comes by published()."""
