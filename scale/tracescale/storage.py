"""Files and folders wherever Spark reads them (a local path, HDFS, S3), by Hadoop's own interface."""

import json
import os
import posixpath
from concurrent.futures import ThreadPoolExecutor

from py4j.protocol import Py4JJavaError

from .errors import ENVIRONMENT, Failure


class Storage:
    """Paths are texts, as Spark takes them."""

    def __init__(self, spark):
        self._jvm = spark.sparkContext._jvm
        self._conf = spark.sparkContext._jsc.hadoopConfiguration()

    def _path(self, text):
        return self._jvm.org.apache.hadoop.fs.Path(text)

    def _system(self, text):
        return self._path(text).getFileSystem(self._conf)

    def names(self, folder):
        """The names in a folder; none when it is not there."""
        with _telling(folder):
            system = self._system(folder)
            if not system.exists(self._path(folder)):
                return []
            return sorted(status.getPath().getName() for status in system.listStatus(self._path(folder)))

    def read(self, path):
        """A file's bytes.

        :raises FileNotFoundError: there is none.
        """
        with _telling(path):
            stream = self._system(path).open(self._path(path))
            try:
                return bytes(self._jvm.org.apache.commons.io.IOUtils.toByteArray(stream))
            finally:
                stream.close()

    def sizes(self, paths):
        """The length of each file in bytes, None for those that are not there."""
        def size(path):
            try:
                with _telling(path):
                    return self._system(path).getFileStatus(self._path(path)).getLen()
            except FileNotFoundError:
                return None

        with ThreadPoolExecutor(16) as pool:
            return list(pool.map(size, paths))

    def write(self, path, text):
        """Writes a file that readers see whole or not at all.

        :raises FileExistsError: somebody else wrote it first.
        """
        unfinished = posixpath.join(posixpath.dirname(path), f".{posixpath.basename(path)}.{os.getpid()}.unfinished")
        with _telling(path):
            system = self._system(path)
            system.mkdirs(self._path(posixpath.dirname(path)))
            stream = system.create(self._path(unfinished), True)
            try:
                stream.write(bytearray(text.encode("utf-8")))
            finally:
                stream.close()
            if system.exists(self._path(path)):
                system.delete(self._path(unfinished), False)
                raise FileExistsError(path)
            if not system.rename(self._path(unfinished), self._path(path)):
                raise FileExistsError(path)

    def write_rows(self, path, rows):
        """Writes dictionaries as a JSON object a line."""
        self.write(path, "".join(json.dumps(row) + "\n" for row in rows))

    def remove(self, path):
        with _telling(path):
            self._system(path).delete(self._path(path), True)


class _telling:
    """Turns what Hadoop throws into errors of Python."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if not isinstance(error, Py4JJavaError):
            return False
        cause = error.java_exception
        if cause.getClass().getSimpleName() == "FileNotFoundException":
            raise FileNotFoundError(self.path) from None
        text = " ".join(str(cause.getMessage() or cause.toString()).split())
        raise Failure(ENVIRONMENT, f"{self.path}: {text}") from None
