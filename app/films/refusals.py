"""Why a file is not taken as a film. One class a reason; its ``code`` never changes."""

from typing import Self

from app.problems import Problem


class FilmRefused(Problem):
    """A file that is not taken. ``film`` is its name, known where the file was opened."""

    code = "film-refused"
    status = 422
    film = ""

    def __str__(self) -> str:
        return f"{self.film}: {self.reason}" if self.film else self.reason

    def of(self, film: str) -> Self:
        """Return this refusal, naming the film's file."""
        self.film = film
        return self

    @property
    def reason(self) -> str:
        """Return sentence and cure, without the film's name."""
        return f"{self.sentence} {self.cure}".strip()


class EmptyFile(FilmRefused):
    """No bytes at all."""

    code = "empty-file"


class NotAnImage(FilmRefused):
    """Neither a picture nor DICOM."""

    code = "not-an-image"


class Unreadable(FilmRefused):
    """It looks like a picture, but decoding it failed."""

    code = "unreadable"


class Truncated(FilmRefused):
    """The file ends before the picture does."""

    code = "truncated"


class TooManyBytes(FilmRefused):
    """The file, or what it unpacks to, is larger than the limit."""

    code = "too-many-bytes"


class TooManyPixels(FilmRefused):
    """The header promises more pixels than the limit; nothing was decoded."""

    code = "too-many-pixels"


class NoPixels(FilmRefused):
    """A DICOM object without a picture: a report, a plan, a document, an index."""

    code = "no-pixels"


class NotAFilm(FilmRefused):
    """Pixels that are not grey values of a film, such as a segmentation."""

    code = "not-a-film"


class ManyFrames(FilmRefused):
    """An animation, a series or a document of several pages."""

    code = "many-frames"


class FloatPixels(FilmRefused):
    """Pixels are fractions, which no film holds."""

    code = "float-pixels"


class TooDeep(FilmRefused):
    """More than sixteen bits a pixel."""

    code = "too-deep"


class UnknownColour(FilmRefused):
    """A colour space that cannot be turned into grey."""

    code = "unknown-colour"


class UnknownCompression(FilmRefused):
    """A transfer syntax for which no decoder is here."""

    code = "unknown-compression"


class BadHeader(FilmRefused):
    """The header lacks what is needed to read the pixels, or contradicts itself."""

    code = "bad-header"


class MaskSize(FilmRefused):
    """A mask that does not fit its film."""

    code = "mask-size"


class MaskWithoutFilm(FilmRefused):
    """A mask in a layout that no film there claims."""

    code = "mask-without-film"


class Missing(FilmRefused):
    """The layout names a file that is not there."""

    code = "missing"


class OutsideFolder(FilmRefused):
    """The layout names a file that lies outside its folder."""

    code = "outside-folder"


class NamedTwice(FilmRefused):
    """The layout names the same file more than once."""

    code = "named-twice"


class LayoutRefused(Problem):
    """A folder, table or zip from which no films can be listed."""

    code = "layout-refused"
    status = 422


def refusal(*, code: str, templates: list[str], values: dict[str, object]) -> FilmRefused:
    """Return the refusal of ``code``, as it came packed from another process."""
    kinds = {kind.code: kind for kind in FilmRefused.__subclasses__()}
    sentence, cure = templates
    return kinds.get(code, Unreadable)(sentence, cure=cure, **values)
