"""Types of single fields.

Each has a limit, from which the API server estimates what a rule costs; where a field has a rule, the limit leaves room
for mistakes, because the only message about a value that is too long is that it is too long.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from twotier.bss.organizations.host_names import HOST_NAME, LABEL
from twotier.bss.organizations.timezones import require_time_zone

DAY_IN_SECONDS: Final = 86_400
SECONDS: Final = {"w": 7 * DAY_IN_SECONDS, "d": DAY_IN_SECONDS, "h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class Written:
    """How a string must be written; the error says so in words, not with a pattern.

    Attributes:
        pattern: a regular expression of the whole string, in the syntax that Python and RE2 share.
        message: what to write instead.
    """

    pattern: str
    message: str

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the string before it is converted."""
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Add the check as a rule of the field."""
        rule = f"self.matches(r'^({self.pattern})$')"
        return {**handler(schema), "x-kubernetes-validations": [{"rule": rule, "message": self.message}]}

    def _check(self, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(self.pattern, value) is None:
            raise ValueError(self.message)
        return value


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of the words in a table, like a Literal with the same words written out."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, _source: type, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept only these words."""
        return core_schema.literal_schema(list(self.words))


def _duration(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    parts = re.findall(r"([0-9]+)([wdhms])", value.lower())
    return timedelta(seconds=sum(int(number) * SECONDS[unit] for number, unit in parts))


def _time_zone(name: str) -> str:
    require_time_zone(name)
    return name


ResourceName = Annotated[
    str,
    Field(min_length=1, max_length=253),
    Written(
        r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
        "write the name of a resource in the same namespace: lower-case letters, digits, '-' and '.'",
    ),
]
ConfigMapKey = Annotated[
    str,
    Field(min_length=1, max_length=253),
    Written(r"[-._a-zA-Z0-9]+", "write a key of the ConfigMap: letters, digits, '-', '_' and '.'"),
]
Label = Annotated[str, Field(min_length=1, max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
Url = Annotated[str, Field(max_length=2000), Written(r"https://[^ ]+", "write an address that starts with https://")]
Country = Annotated[
    str,
    Field(max_length=32),
    Written(r"[A-Z]{2}", "write the two capital letters of an ISO 3166-1 country code, such as GR"),
]
Currency = Annotated[
    str,
    Field(max_length=32),
    Written(r"[A-Z]{3}", "write the three capital letters of an ISO 4217 currency code, such as EUR"),
]
Language = Annotated[
    str,
    Field(max_length=32),
    Written(
        r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?",
        "write a BCP 47 language tag, such as en, el or pt-BR",
    ),
]
TimeZone = Annotated[
    str,
    Field(max_length=64),
    Written(
        r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}", "write the IANA name of a time zone, such as Europe/Athens or UTC"
    ),
    AfterValidator(_time_zone),
]
Email = Annotated[
    str, Field(max_length=254), Written(r"[^@ ]+@[^@ ]+\.[^@ ]+", "write an e-mail address, such as name@example.com")
]
DnsLabel = Annotated[
    str,
    Field(max_length=63),
    Written(LABEL, "write one label of a host name: lower-case letters, digits and '-'"),
]
HostName = Annotated[
    str,
    Field(max_length=253),
    Written(
        HOST_NAME,
        "write a host name in lower case with at least one dot, such as shop.example.com",
    ),
]
Sha256 = Annotated[
    str, Field(max_length=128), Written(r"[0-9a-f]{64}", "write the 64 lower-case hexadecimal digits of a SHA-256")
]
AccountNumber = Annotated[
    str,
    Field(max_length=64),
    Written(
        r"[A-Za-z0-9]([-A-Za-z0-9._/]*[A-Za-z0-9])?",
        "write an account number of letters, digits, '-', '.', '_' and '/', such as R-1001",
    ),
]
Color = Annotated[
    str,
    Field(max_length=32),
    Written(r"#[0-9a-fA-F]{6}", "write a colour as '#' and six hexadecimal digits, such as '#1a73e8'"),
]
Percent = Annotated[
    Decimal,
    Field(max_digits=9),
    Written(
        r"[0-9]{1,4}(\.[0-9]{1,5})?",
        "write a percentage as a quoted number that is not negative, such as '24' or '5.5'",
    ),
]
Money = Annotated[
    Decimal,
    Written(
        r"-?[0-9]{1,15}(\.[0-9]{1,18})?", "write an amount as a quoted number with at most 18 decimals, such as '12.5'"
    ),
]
Digest = Annotated[str, Field(min_length=1, max_length=128)]
ContentDigest = Annotated[
    str,
    # Ids of plans are shown with the name of the hash as a prefix, and people write it here, too.
    AfterValidator(lambda written: written.removeprefix("sha256:")),
    Field(min_length=1, max_length=128),
]
Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    Written(
        r"([0-9]{1,6}[wdhms]){1,5}|P([0-9]{1,6}[WD]){1,2}|P([0-9]{1,6}[WD]){0,2}T([0-9]{1,6}[HMS]){1,3}",
        "write a duration such as 90s, 5m, 36h, 7d or PT5M",
    ),
]
