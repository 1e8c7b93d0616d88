"""maskballot: physicians choose blindly between hand-drawn and proposed masks of chest films.

Glossary. These words mean this, everywhere in the code, the pages and the documents:

film        one chest X-ray, decoded to stored grey values. Never "image" or "scan".
view        how the film was taken: PA, AP, LL (lateral).
window      the centre and width that turn stored values into grey levels on a screen.
MONOCHROME1 a film whose lowest stored values are the brightest; it is inverted once, for display.
mask        a binary raster of a film's native size; true is inside.
Dice        2·|A∩B| / (|A|+|B|) of two masks A and B.
study       films, physicians, networks and a protocol under which masks are chosen.
reader study  what a study is in the literature: several physicians read the same cases.
protocol    the versioned settings of a study: rule, display, slots, lease.
physician   a person who votes and draws. In a study, never also its admin.
admin       a person who runs a study and exports it.
network     an ONNX file with a manifest entry that turns a film into a probability.
fold        one of five parts of the training films; an out-of-fold network never saw the film.
proposal    the act of computing candidates of a film with networks.
candidate   one mask of one film that may be chosen.
origin      whose mask a candidate is: hand-drawn, or which network's. Never on a reading path.
case        one film as it stands in a study: how many answers it wants.
ballot      one case dealt to one physician.
place       one of the answers that a case wants; a ballot fills one place.
slot        one lettered position (A, B, C…) on a ballot that shows one candidate.
repeat      a case dealt to the same physician again, later and unannounced; it fills no place.
washout     the time and the ballots between a film and its return to the same physician.
blank       a ballot that shows no candidate: the physician draws first.
native      masks shown as they were made, without the normalisation of the display.
backbone    cases that stand at random places of an order, whatever their priority.
sentinel    a film whose true mask is known, read among the others.
group       candidates of a film so alike that they share one slot; they share its credit.
lease       the time for which a dealt ballot holds its place.
vote        one answer to one ballot; append-only, the newest counts.
drawing     a mask that a physician drew when no candidate was acceptable.
settlement  what the votes of a case amount to, by the study's rule.
run         work in the background, resumable.
infection map  the probability of infection over a film, in colour, with numbers.
extent      the share of the lungs that the mask covers, in percent.
"""

__version__ = "0.1.0"

RESEARCH_ONLY = "research use only, not for diagnosis"
