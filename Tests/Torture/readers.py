"""Questions that are asked all the while, and must be answered or refused for a reason."""

import threading

# The last is slow: it reads everything, and says whether what it sees at that moment is sound.
QUESTIONS = [
    ["runs"], ["diff", "runc", "crun", "--across", "--lossy"],
    ["sql", "SELECT runtime, sum(calls) FROM call JOIN run USING (run_id) GROUP BY 1"], ["check"],
]
# The runtimes that they name.
RUNTIMES = {"runc", "crun"}
# Until runs of these are there, and the newest version.
NOT_YET = [
    "there is no such file", "the file is empty", "brings it up to date", "no run", "matches no",
    "there is no runtime",
]


class Readers:
    """Threads that ask in turn until stopped."""

    def __init__(self, programs, db, count, questions=QUESTIONS, is_filled=False, folder=None):
        self.programs, self.db, self.questions = programs, db, questions
        self.is_filled, self.folder = is_filled, folder
        self.stopping = threading.Event()
        self.problems, self.answers, self.refusals = [], 0, 0
        self.threads = [threading.Thread(target=self.ask, args=[n]) for n in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def ask(self, number):
        place = number
        while not self.stopping.is_set():
            words = self.questions[place % len(self.questions)]
            words = [word.replace("{}", f"{self.folder}/{number}") for word in words]
            place += 1
            was_filled = self.is_filled
            try:
                code, output, errors = self.programs.ask(self.db, *words)
            except Exception as problem:  # told with the others, in the thread that waits
                self.problems.append(str(problem))
                continue
            early = not was_filled and code in (1, 3) and any(text in errors for text in NOT_YET)
            if code == 0:
                self.answers += 1
            elif early:
                self.refusals += 1
            else:
                self.problems.append(f"{' '.join(words)}: exit code {code}: {errors.strip()} {output}")
