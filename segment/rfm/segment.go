package rfm

import "strings"

// Segment is the name of a cell of scores. Its zero value is None.
type Segment uint8

// The segments, roughly from the best to the worst.
const (
	None Segment = iota
	Champions
	Loyal
	PotentialLoyalist
	NewCustomers
	Promising
	NeedAttention
	AboutToSleep
	AtRisk
	CannotLoseThem
	Hibernating
	Lost

	// Segments is the number of segments, None included.
	Segments = int(Lost) + 1
)

// String is the name in output columns; the empty string for None.
func (s Segment) String() string {
	switch s {
	case Champions:
		return "Champions"
	case Loyal:
		return "Loyal"
	case PotentialLoyalist:
		return "Potential Loyalist"
	case NewCustomers:
		return "New Customers"
	case Promising:
		return "Promising"
	case NeedAttention:
		return "Need Attention"
	case AboutToSleep:
		return "About To Sleep"
	case AtRisk:
		return "At Risk"
	case CannotLoseThem:
		return "Cannot Lose Them"
	case Hibernating:
		return "Hibernating"
	case Lost:
		return "Lost"
	}
	return ""
}

// letters has the letter of each segment in the map, in the order of the constants.
const letters = "-CLPNOASRTHX"

// cells maps the 125 cells: a line for each R, five columns for F, five letters for M, each from 1
// to 5. The names and cells are the map common in CRM tools, in the form of 11 segments.
const cells = "" +
	// F 1    2     3     4     5
	"XXTTT XHHRR XHRRR XRRTR XRRTT " + // R 1
	"HHSTT SHHRR SHHRR SRRRR SRRRR " + // R 2
	"NSOOO SHPAA SHPAL PPALL PPPLL " + // R 3
	"NNOOO NNPOO PPPAL PPALC PPPCC " + // R 4
	"NNOOO OOOOO PPPAA PPLCC PPPCC " //  R 5

// SegmentOf is the segment of three scores, each 1..5. It panics on any other score.
func SegmentOf(r, f, m uint8) Segment {
	if r-1 >= Scores || f-1 >= Scores || m-1 >= Scores { // unsigned: 0 wraps to 255
		panic("rfm: score outside 1..5")
	}
	const perF, perR = Scores + 1, Scores * (Scores + 1)
	return Segment(strings.IndexByte(letters, cells[int(r-1)*perR+int(f-1)*perF+int(m-1)]))
}
