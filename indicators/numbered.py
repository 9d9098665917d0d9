"""What has a value that may lack a number."""


class Numbered:
    """Base of what carries a `value`; None where the number is unknown or may not be shown."""

    value: float | None

    @property
    def number(self) -> float:
        """The value where its number is told or drawn: whoever does has made sure of it."""
        if self.value is None:
            raise ValueError(f"there is no number to show: {self}")
        return self.value
