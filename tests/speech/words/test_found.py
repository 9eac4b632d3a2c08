"""The table of what is found where: each line is an everyday sentence."""

from __future__ import annotations

import pytest

from harness.speech.words import find_phrase

SAME = """
That is ninety dollars. | $90; ninety dollars; ninety; 90; dollars
It costs $90. | ninety; dollars; ninety dollars
You get fifteen percent off. | 15%; 15 percent; fifteen; percent; 15; fifteen per cent
You get 15% off. | fifteen; percent; fifteen percent
It's two hundred and fifty euros. | €250; 250; two hundred fifty; euros; 250 euros
It's €250. | two hundred and fifty euros; two hundred fifty; 250; euros
The code is one two three four. | 1234; 1 2 3 4; one two three four; one two; one
The code is 1234. | 1 2 3 4; one two three four; one; two
The code is 1 2 3 4. | 1234; one two three four
at seven thirty p.m. | 7:30; seven thirty; seven; thirty; half past seven; 7:30 pm; 19:30; 7.30
It is 7:30 pm. | 7:30; seven thirty p.m.; half past seven; 7:30 PM; half past seven in the evening
Dinner is at 19:30. | 7:30 pm; seven thirty p.m.; 7:30; half past seven
Price: $5.99 | $5.99; 5.99; five dollars ninety nine; five ninety-nine; 99 cents
That is $42.50. | 42.50; forty-two fifty; forty-two dollars fifty cents
It is $42.50. | forty two dollars and fifty cents; fifty cents
The number is 0207946.0018. | 020 7946 0018
The call costs $0.9. | nine cents; $0.09
That's forty-two dollars fifty cents. | $42.50; 42.50; forty-two fifty; fifty cents
That is forty-two fifty. | $42.50; 42.50; fifty
Your number is (415) 555-0199. | 415; 555-0199; (415) 555-0199; 415-555-0199; 0199
five five five, oh one double nine | 555-0199; 5550199; 555 0199
four one five five five five zero one two three | (415) 555-0123; 415 555 0123; 555-0123
triple five zero one two three | 555-0123
All right, it is done. | alright; all right
Alright then. | all right
Sorry, we can't do that. | can't; cannot; can not; not; we can't
We cannot change it. | can't; can not
He won't come. | will not; won't
I'm here, it's fine. | I am here; it is fine; it's
We'll see, let's go. | we will see; let us go
OK, that works. | okay; O.K.; ok
Okay. | OK
The Wi-Fi is free. | wifi; wi-fi; wi fi
Use the wifi. | Wi-Fi
I sent an e-mail. | email; e-mail
Good bye then. | goodbye; good-bye
Goodbye. | good bye; Good-bye!
Check-in is at three. | check in; checkin; check-in; 3
You can check in now. | check-in; checkin
ice cream or cake | icecream; ice-cream
We have icecream. | ice cream
What colour is it, in the centre? | color; center; colour
The flight was canceled. | cancelled
We apologise for the travelling. | apologize; traveling
Your order no. 5 is ready. | number five; No. 5; number 5; 5
Room number 12 | No. 12; #12; twelve
Dr. Smith will see you. | Doctor Smith; doctor; smith
Mr. Brown and Mrs. Green | mister Brown; missus Green; Mr Brown
21 Elm St. | Elm Street; twenty-one; elm
St. James Park | saint james
Write to kim@example.com. | kim at example dot com; kim@example.com; example.com
kim at example dot com | kim@example.com
Go to www.example.org. | example dot org
It is March 4th. | the fourth of March; March four; 4 March; March 4; fourth; March fourth
on the fourth of March | March 4th; March 4; 4th of March
on March 4 | March 4th; 4th; four
July 4th. | July 4th; fourth of July
the twenty-first of June | June 21st; 21st; June 21
It arrives 2026-03-04. | March 4th; 2026
twenty twenty-six | 2026
in 2026 | twenty twenty-six; two thousand twenty six; two thousand and twenty six
in nineteen ninety-five | 1995
since 1995 | nineteen ninety five
four thousand two hundred and seventeen | 4,217; 4217
1,234 people | one thousand two hundred thirty four; 1234
That's minus 23 dollars. | -23; minus 23 dollars; -$23; dollars; minus twenty-three
It is -5 degrees. | minus five; minus 5 degrees; degrees
three point five miles | 3.5; 3.5 miles; three point five
a version of 3.5 | three point five
3.14 is pi | three point one four
two and a half hours | 2.5 hours; 2½ hours
ten kilometres away | 10 km; ten kilometers; km
It weighs 5kg. | five kilograms; 5 kilos; 5 kg
It is 72°F outside. | 72; 72 degrees Fahrenheit; seventy-two degrees; degrees
twenty degrees Celsius | 20°C; 20 °C
at noon | 12 pm; noon; twelve p.m.
at seven o'clock | 7:00; 7 o'clock; seven
at 7:00 | seven o'clock; seven
a quarter to eight | 7:45; quarter to 8; seven forty-five
at seven forty-five | quarter to eight; 7:45
ten past three | 3:10
seven oh five | 7:05
Room 204. | 204; two oh four; two hundred four; two zero four
room two oh four | 204
Flight B A 2 4 9 | BA249; BA 249; B A two four nine
Your code is A 7 B. | A7B; a seven b
Your code is A7B. | A 7 B; seven
S-M-I-T-H | Smith; S M I T H
My name is Smith. | S-M-I-T-H
Q&A | Q and A
salt & pepper | salt and pepper
three million people | 3 million; 3,000,000
a hundred dollars | 100 dollars; $100; one hundred dollars
twenty thousand | 20,000; 20k; 20 thousand
$3.5 million | three point five million dollars; 3.5 million
half past seven | 7:30; seven thirty
Your card was not charged. | charged; not charged; was not charged; not
Two. | two; 2
London. | London; london
It's, um, Tuesday. | it's Tuesday; Tuesday
a café table | cafe; Café table
the **bold** choice 🎉 | bold choice
O'Brien called | O'Brien; OBrien
Jürgen Müller | Jurgen Muller; Müller
the state-of-the-art office | state of the art
a thirty-day trial | 30 day; thirty day
ninety-nine percent | 99%
£5 | five pounds; 5 pounds
$1,250 | twelve fifty; 1250 dollars; 1250
50 cents | $0.50; fifty cents
It is ten to eight. | 7:50
between 9 and 5 | nine and five; 9
It's 9 a.m. | 9 am; nine a.m.; 9:00 am
Dial 911. | nine one one; 911
the second floor | 2nd floor; second
Gate B12 | B 12; b one two; B twelve; gate B
Go to gate B one two. | B12
It ends in forty-two forty-two. | 4242; 42 42
It's 5:15. | five fifteen; quarter past five; 5:15
It takes 10-15 minutes. | 15 minutes; ten; fifteen minutes
24/7 support | twenty-four seven
"""

SAME += """\
The total comes to $1,299.99. | one thousand two hundred ninety-nine dollars and ninety-nine cents
The total is twelve hundred ninety nine dollars and ninety nine cents | $1,299.99
Your flight leaves at 6:05 AM | six oh five a.m.
at 6 o five am | 6:05
Flight UA 482 | UA482
UA four eighty two | UA482
UA four eight two | UA482
gate b twenty two | B22
I've booked a table for four at 8 pm | table for 4
table for four at eight p.m. | 8pm
on the 3rd of November | November 3
Nov. 3rd | November third
take two 500 mg tablets | 500 milligrams
take two five hundred milligram tablets | 500 mg
five hundred milligrams | 500mg
your balance is minus forty pounds | -£40
blood pressure one twenty over eighty | 120 over 80
120/80 | one twenty
my zip code is nine oh two one oh | 90210
90210 | nine zero two one zero
Order number 48213 | four eight two one three
order number forty-eight two thirteen | 48213
it's 0.5 percent | zero point five percent
nought point five per cent | 0.5%
half a percent | half a percent
3 3/4 inches | three
ten a.m. to four p.m. | 10 am
10am-4pm | ten a.m.
10am-4pm | 4 pm
Platform 9 | platform nine
Terminal 2B | terminal two b
a dozen eggs | dozen
the 1990s | 1990s
two thousand and eight | 2008
twenty oh eight | 2008
She's 21. | twenty-one
Twenty one people | 21 people
ext. 42 | 42
extension four two | extension four two
the twenty-second | 22nd
May 22 | May twenty-second
22 May 2026 | May 22nd
May 22nd, 2026 | May 22, 2026
May twenty second twenty twenty six | May 22, 2026
we don't deliver on Sundays | do not deliver
you're all set | you are all set
you’re all set | you are all set
He'd like two | he would like two
that's been canceled | cancelled
Wi-Fi password is blue42 | blue 42
it's at st mary's | St. Mary's
St. Mary's | saint mary's
Main St | Main Street
half past 7 | 7:30
sixteen hundred | 1,600
the 16th | sixteenth
a hundred and one | 101
one oh one | 101
101 | one oh one
$0.99 | ninety-nine cents
99¢ | 99 cents
a buck | buck
It costs 3 dollars 5 cents | $3.05
three oh five | 3:05
€3,50 | 3
1.500 euros | euros
COVID-19 | covid nineteen
4x4 | four
iPhone 15 | iphone fifteen
T-shirt | t shirt
tshirt | t-shirt
t shirt | tshirt
follow up | follow-up
followup call | follow up call
voice mail | voicemail
per night | per night
post code | postcode
zip code | zipcode
room service | roomservice
OK | ok
o k | OK
S M I T H | S-M-I-T-H
k y m | K-Y-M
C as in Charlie | c
twenty five hundred | 2500
fifteen fifty | 15:50
fifteen fifty | $15.50
1-800-555-0123 | 800 555 0123
seven and a half | 7.5
one and a half hours | 1.5 hours
an hour and a half | hour and a half
six feet two | six feet
60 mph | sixty miles per hour
60 km/h | sixty kilometers per hour
"""

NOT = """
notable people | not able; able; table
He is not able. | notable
He is nowhere. | now here; no where; here; now
now here | nowhere
table one, two people | twelve; 12
We can't. | can; we can
We cannot. | can
I don't. | do; I do
It isn't ready. | is ready; it is
Your card was not charged. | was charged; your card was charged
That's minus 23 dollars. | 23 dollars; 23; twenty-three dollars
23 dollars | minus 23 dollars; -23; -23 dollars
(415) 555-0199 | (212) 555-0199; 212; 555-0198; 555-0991
555-0123 | 555-0132; 555-0124
twenty-five dollars | twenty; five; twenty dollars; five dollars; 20
two hundred and fifty euros | two hundred; fifty; 200; 250 dollars
$42.50 | $42.15; €42.50; 42.05; 4250; $24.50
€42.50 | $42.50
one thousand two hundred thirty four | one two three four; 1 2 3 4; 1235
fifteen dollars | fifty dollars; 50; fifteen euros
The price is fifty dollars. | fifteen; 15; fifteen dollars
thirteen people | thirty; 30
sixteen | sixty
on Tuesday | Thursday; Monday; Sunday
on Thursday | Tuesday
on Monday | Sunday
at seven | eleven; seven thirty; 7:30
at nine | five; 5; nineteen
7:30 am | 7:30 pm; 19:30
at 7:30 | 7:30 pm; 7:13; 8:30; half past eight
quarter past eight | quarter to eight; 7:45; 8:45
March 4th | March 14th; May 4th; fifth of March; fourteen
the fourth of May | fourth of March
June 21st | 21st of July; twenty
twenty twenty-six | 2025; 26 20
nineteen ninety-five | 1959; 1990; ninety
three point five | 5.3; three; 35
Mister Brown | Green; Mister Green
morning | evening
accept | except
except | accept
yes | yet; no
yet | yes
not | now
now | not
before six | after six; before seven
I know, yes. | no
A table for two, please. | four; for four; three; 4
A table for four. | two; a table for two
We go to the shop. | two; too
Come by the sea. | buy
in the evening | inn
the stable | table
tables | table
Kim | Tim
Tim | Kim
card | cart
price | prize
walk | work
ship | sheep
left | right
up | down
increase | decrease
open | closed
ten kilometers | ten miles; 10 kg
72 degrees Celsius | 72°F
ice | ice cream
room 204 | room 240; 24; 2040
A 7 B | A7D; A 8 B; A77B
kim@example.com | tim@example.com; kim@example.org
No. 5 | number six; number nine
Going | go; gone
hello | 🎉; ...; um
two and a half hours | two hours; 3.5 hours
a hundred dollars | hundred and one; 1000
twenty thousand | twenty; thousand; 2000
first class | second class
It takes 10-15 minutes. | 10:50; 1,015
five fifteen | 5:50; five fifty
Have a nice day, you too. | two
once | twice
See you on March 4th. | four; 4
I would like to confirm your appointment, too. | two
The code is 51234. | 1234; 5123
The code is 1234. | 123; 12345
January | February
"""

NOT += """\
fifteen fifty | fifteen fifteen
November 3rd | November 13th
November 3rd | December 3rd
6:05 AM | 6:50
48213 | 48231
UA 482 | UA 428
120 over 80 | 110 over 80
8 pm | 8 am
take two tablets | take ten tablets
your balance is forty pounds | -£40
it has been approved | not been approved
it has not been approved | has been approved
I can do that | can't
We will not refund | will refund
we won't refund | will
ninety nine | 19
May 22 | May 2
the second | the seventh
ten | tenth
Austin | Boston
John | Joan
Smith | Smits
Anna | Hannah
Marie | Maria
Eric | Erica
Dan | Stan
left | lift
check in | check out
inbound | outbound
before | after
refundable | nonrefundable
available | unavailable
possible | impossible
legal | illegal
with milk | without milk
decline | declined
approve | approved
two hours | two days
a.m. | p.m.
15th | 50th
90210 | 90201
seventeen | seventy
two thirty | two thirteen
2:30 | 2:13
$14 | $40
fourteen | forty
sixty | sixteen
fourth | fourteenth
fifth | fiftieth
first | thirst
"""

HOMOPHONES = """
for too | two
Table for to. | two
Dinner ate. | eight
We one the game. | won
Over their. | there
Kym called. | Kim
Mrs. Browne is here. | Brown
Mr. Smyth | Smith
Mister Andersen | Anderson
Pete's a with cheese | pizza with cheese; pizza
the whether | weather
four the road | for
a pair of shoes | pear
I sea. | see
Your welcome. | you're welcome
You're order is here. | your order
Its ready. | it's ready
Too. | two
"""

NEAR = """
This is Chevonne speaking. | Siobhan
Ask Katherin. | Catherine
"""


def rows(table: str) -> list[tuple[str, str]]:
    pairs = []
    for line in table.strip().splitlines():
        text, _, phrases = line.partition(" | ")
        phrases = phrases.removesuffix(" | x")
        pairs += [(text.strip(), phrase.strip()) for phrase in phrases.split(";")]
    return pairs


def how(text: str, phrase: str) -> str | None:
    match = find_phrase(text.split(), phrase)
    return match.how if match else None


@pytest.mark.parametrize(("text", "phrase"), rows(SAME))
def test_the_same_in_another_spelling(text: str, phrase: str) -> None:
    assert how(text, phrase) == "same"


@pytest.mark.parametrize(("text", "phrase"), rows(NOT))
def test_another_meaning_is_not_found(text: str, phrase: str) -> None:
    assert how(text, phrase) is None


@pytest.mark.parametrize(("text", "phrase"), rows(HOMOPHONES))
def test_what_no_ear_tells_apart_is_found_and_said(text: str, phrase: str) -> None:
    assert how(text, phrase) == "homophone"


@pytest.mark.parametrize(("text", "phrase"), rows(NEAR))
def test_a_name_by_its_sound_is_near(text: str, phrase: str) -> None:
    assert how(text, phrase) == "near"


def test_the_table_is_no_formality() -> None:
    assert len(rows(SAME)) + len(rows(NOT)) > 300
