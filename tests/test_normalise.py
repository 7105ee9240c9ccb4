"""Which spellings are the same words, and which are not."""

import pytest

from wagtail_eparticipation.normalise import search_key

SAME = [
    ("harakat", "حَدِيقَةٌ", "حديقة"),
    ("shadda", "محمّد", "محمد"),
    ("tanwin", "شكراً", "شكرا"),
    ("sukun", "الْمَدِينَة", "المدينة"),
    ("superscript alef", "هٰذا", "هذا"),
    ("Quranic small signs", "قالۖ", "قال"),
    ("tatweel", "مشـــاركة", "مشاركة"),
    ("alef with hamza above", "أحمد", "احمد"),
    ("alef with hamza below", "إدارة", "ادارة"),
    ("alef with madda", "آراء", "اراء"),
    ("alef wasla", "ٱلبلدية", "البلدية"),
    ("hamza on waw left out", "سؤال", "سوال"),
    ("hamza on yeh left out", "رئيس", "رييس"),
    ("two official spellings of responsible", "مسؤول", "مسئول"),
    ("the same with marks", "مَسْئُول", "مسؤول"),
    ("two official spellings of affairs", "شؤون", "شئون"),
    ("final hamza after yeh", "شيء", "شئ"),
    ("alef maksura", "مستشفى", "مستشفي"),
    ("teh marbuta", "مدرسة", "مدرسه"),
    ("Persian yeh", "فی", "في"),
    ("Persian kaf", "کتاب", "كتاب"),
    ("swash kaf", "ڪتاب", "كتاب"),
    ("Urdu heh goal", "ہذا", "هذا"),
    ("heh doachashmee", "ھذا", "هذا"),
    ("Urdu teh marbuta goal", "حديقۃ", "حديقة"),
    ("yeh barree", "علے", "على"),
    ("veh", "ڤيديو", "فيديو"),
    ("noon ghunna", "مکاں", "مكان"),
    ("Arabic-Indic digits", "١٤٤٨", "1448"),
    ("Persian digits", "۱۴۴۸", "1448"),
    ("Devanagari digits", "१४", "14"),
    ("presentation form of lam-alef", "ﻻ", "لا"),
    ("presentation forms of a word", "ﺣﺪﻳﻘﺔ", "حديقة"),
    ("ligature Allah", "ﷲ", "الله"),
    ("zero-width non-joiner", "می\u200cخواهم", "ميخواهم"),
    ("zero-width space", "حد\u200bيقة", "حديقة"),
    ("right-to-left mark", "\u200fحديقة", "حديقة"),
    ("bidi override", "\u202eحديقة\u202c", "حديقة"),
    ("bidi isolate", "\u2067حديقة\u2069", "حديقة"),
    ("byte order mark", "\ufeffحديقة", "حديقة"),
    ("soft hyphen", "con\u00adsultation", "consultation"),
    ("Arabic comma and question mark", "الحديقة، متى؟", "الحديقة متى"),
    ("spaces and line ends", "  الحديقة \n\t العامة ", "الحديقة العامة"),
    ("no-break space", "الحديقة\u00a0العامة", "الحديقة العامة"),
    ("case", "Park", "PARK"),
    ("accents", "café", "cafe"),
    ("composed and decomposed", "e\u0301cole", "\u00e9cole"),
    ("sharp s", "Straße", "STRASSE"),
    ("full width", "Ｐａｒｋ", "park"),
    ("Latin ligature", "oﬃce", "office"),
    ("Cyrillic letters in a Latin word", "p\u0430rk", "park"),
    ("Greek letter in a Latin word", "p\u03b1rk", "park"),
    ("typographic quotes", "“park”", '"park"'),
    ("dashes", "park – street", "park - street"),
    ("emoji", "حديقة 🌳", "حديقة"),
    ("stacked marks", "p\u0300\u0301\u0302\u0303ark", "park"),
]

DIFFERENT = [
    ("another word", "حديقة", "حديقتي"),
    ("article", "حديقة", "الحديقة"),
    ("water and what", "ماء", "ما"),
    ("dots count", "بنت", "نبت"),
    ("seen and sheen", "سارع", "شارع"),
    ("dad and zah", "ضل", "ظل"),
    ("gaf is a letter of its own", "گل", "كل"),
    ("another number", "1448", "1449"),
    ("number joined and apart", "12", "1 2"),
    ("words apart", "عبد الله", "عبدالله"),
    ("Hindi vowels", "कि", "की"),
    ("Thai vowels", "กิ", "กี"),
    ("a Cyrillic word stays Cyrillic", "сор", "cop"),
    ("a Greek word stays Greek", "το", "to"),
    ("plural", "park", "parks"),
]


@pytest.mark.parametrize(
    ("left", "right"), [pytest.param(*p[1:], id=p[0]) for p in SAME]
)
def test_spellings_of_the_same_words_have_one_key(left, right):
    assert search_key(left) == search_key(right) != ""


@pytest.mark.parametrize(
    ("left", "right"), [pytest.param(*p[1:], id=p[0]) for p in DIFFERENT]
)
def test_different_words_keep_different_keys(left, right):
    assert search_key(left) != search_key(right)


@pytest.mark.parametrize("text", ["", " \n", "؟!", "\u202e\u200f", "🌳"])
def test_a_text_without_words_has_an_empty_key(text):
    assert search_key(text) == ""


@pytest.mark.parametrize("text", [pair[1] for pair in SAME + DIFFERENT])
def test_the_key_of_a_key_is_the_key(text):
    assert search_key(search_key(text)) == search_key(text)


def test_the_key_is_readable_as_words():
    assert search_key("المدينةُ، ٢٠٢٦!") == "المدينه 2026"
