"""Names in Latin letters: nicknames brought to the full name, words in any order."""

from __future__ import annotations

import re
from unicodedata import normalize

_WORD = re.compile(r"[a-z]+")
_PINYIN = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|"
    r"ui|ue|ve|er|a|o|e|i|u|v))+"
)
_JOINING = re.compile(r"['’-]")
_UMLAUT = re.compile(r"(?<=[ln])[üǖǘǚǜ]")
_LYU = re.compile(r"([ln])yu(?=$|e$|[^aeiou])")
"""Of pinyin ü after l and n: passports write yu, keyboards v."""
_TITLES = frozenset(
    [
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "jr", "sr", "ii", "iii",
        "iv", "phd", "md", "esq", "mister", "doctor",
    ]
)  # fmt: skip
_NICKNAMES_TEXT = """
abigail:abby,gail alexander:alex,alec,sandy alexandra:alex,sandra,lexi alfred:alf,fred
andrew:andy,drew anthony:tony antonia:toni barbara:barb,barbie,babs benjamin:ben,benny
bernard:bernie caroline:carrie catherine:cathy,cate charles:charlie,chuck,chas
christina:tina,chrissy christine:chris,chrissie christopher:chris,kit daniel:dan,danny
david:dave,davy deborah:deb,debbie dominic:dom donald:don dorothy:dot,dottie
edward:ed,eddie,ted,ned eleanor:ellie,nell elizabeth:liz,beth,betty,eliza,lizzie,libby
emily:em,emmy eugene:gene florence:flo frances:fran,frankie francis:frank,frankie
frederick:fred,freddie gabriel:gabe geoffrey:geoff gerald:gerry,jerry gregory:greg
harold:harry,hal henry:harry,hank isabella:bella,izzy jacob:jake jacqueline:jackie
james:jim,jimmy,jamie jennifer:jen,jenny,jenn jeffrey:jeff jessica:jess,jessie joanna:jo
john:johnny,jack jonathan:jon,jonny joseph:joe,joey joshua:josh judith:judy
katherine:kate,kathy,katie,kay kathleen:kath,kathy kenneth:ken,kenny kimberly:kim
lawrence:larry,laurie leonard:len,lenny lillian:lily,lil louis:lou louise:lou
margaret:maggie,meg,peggy,marge matthew:matt maximilian:max michael:mike,mick,mickey,micky
michelle:shelly nathaniel:nat,nate nicholas:nick,nicky oliver:ollie pamela:pam
patricia:pat,patty,trish patrick:pat,paddy peter:pete philip:phil phillip:phil rachel:rach
raymond:ray rebecca:becky,becca richard:rick,dick,rich,ricky robert:bob,rob,bobby,robbie
ronald:ron,ronnie samantha:sam samuel:sam,sammy sarah:sally stephanie:steph stephen:steve
steven:steve susan:sue,susie,suzy theodore:ted,theo theresa:terry,tess thomas:tom,tommy
timothy:tim,timmy victoria:vicky,tori vincent:vince virginia:ginny walter:walt
william:bill,will,billy,willy,liam zachary:zach
"""


def _nicknames() -> dict[str, str]:
    """Nickname to full name; one that stands for several leads to the first listed."""
    found: dict[str, str] = {}
    for entry in _NICKNAMES_TEXT.split():
        full, _, short = entry.partition(":")
        for name in short.split(","):
            found.setdefault(name, full)
    return found


NICKNAMES = _nicknames()


def latin_words(text: str) -> list[str]:
    """The words of a name in lower case without accents and titles, family name last.

    ``Smith, Bob`` and ``Bob Smith`` are the same; nicknames stay as they are.
    """
    last, comma, first = text.partition(",")
    turned = f"{first} {last}" if comma else text
    plain = (
        normalize("NFKD", _UMLAUT.sub("v", normalize("NFC", turned.lower())))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    words = [_LYU.sub(r"\1v", word) for word in _WORD.findall(_JOINING.sub("", plain))]
    return [word for word in words if word not in _TITLES] or words


def full_name(word: str) -> str:
    """The full form of a nickname, or the word itself."""
    return NICKNAMES.get(word, word)


def full_words(words: list[str]) -> list[str]:
    """The words of a name with the given name in full.

    Dan, Lou and Ken are syllables of pinyin as well: before a Chinese name they stay.
    """
    if len(words) < 2 or (_PINYIN.fullmatch(words[0]) and _PINYIN.fullmatch(words[-1])):
        return words
    return [full_name(words[0]), *words[1:]]
