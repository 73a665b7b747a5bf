"""How far a long command is, for who waits for it and for the log of who does not."""

import time

WIDTH = 40
PAUSE = 0.2  # seconds between two pictures of the bar


class Bar:
    """A bar in one line on a terminal; elsewhere a line for each tenth of each kind of work."""

    def __init__(self, out):
        self.out, self.what, self.tenth, self.drawn = out, "", 0, 0.0

    def __call__(self, what, done, all_of_them):
        if what != self.what:
            self.what, self.tenth, self.drawn = what, 0, 0.0
        filled = WIDTH * done // all_of_them if all_of_them else WIDTH
        line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {done:,} of {all_of_them:,} {what}"
        if self.out.isatty():
            if done >= all_of_them or time.monotonic() - self.drawn > PAUSE:
                self.drawn = time.monotonic()
                self.out.write(f"\r{line}", ending="" if done < all_of_them else "\n")
                self.out.flush()
        elif all_of_them and done * 10 // all_of_them > self.tenth:
            self.tenth = done * 10 // all_of_them
            self.out.write(line)
