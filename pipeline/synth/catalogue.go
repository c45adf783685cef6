package synth

import (
	"math"
	"strconv"
	"strings"
)

// catalogue is the products. Those of category c are [start[c], start[c+1]), cheapest first, and the
// cheaper a product the more often it is bought: the pick in a category of n is n*u*u for uniform u.
type catalogue struct {
	start      []int32
	category   []string
	ofProduct  []int32   // category
	list, cost [][]int64 // [year of the data][product], 1/100 of the currency
	costShare  []float64 // cost of a category's average sale, as a share of its list price
}

func newCatalogue(p *Params) *catalogue {
	c := &catalogue{start: make([]int32, p.Categories+1), ofProduct: make([]int32, p.Products)}
	years := (p.Days + 364) / 365
	c.list, c.cost = make([][]int64, years), make([][]int64, years)
	for y := range years {
		c.list[y], c.cost[y] = make([]int64, p.Products), make([]int64, p.Products)
	}
	s := newStream().seat(p.Seed, domainCatalogue, 0)
	for k := range p.Categories {
		from, to := k*p.Products/p.Categories, (k+1)*p.Products/p.Categories
		c.start[k+1] = int32(to)
		c.category = append(c.category, categoryName(k))
		c.fill(p, s, k, from, to)
	}
	return c
}

// fill draws the prices of the products [from, to) of category k.
func (c *catalogue) fill(p *Params, s *stream, k, from, to int) {
	cheapest := s.uniform(1.2, 4) // list price of the cheapest product
	margin := s.uniform(.30, .48) // of the category at list price
	reach := s.uniform(4, 5.2)    // the dearest product costs e^reach as much as the cheapest
	share, n := 0., float64(to-from)
	for i := from; i < to; i++ {
		c.ofProduct[i] = int32(k)
		place := float64(i-from) / n
		list := cheapest * math.Exp(reach*place) * s.uniform(.97, 1.03)
		cost := list * (1 - margin - s.uniform(-.04, .04))
		for y := range c.list {
			up := math.Pow(1+p.Uplift, float64(y))
			c.list[y][i] = max(int64(math.Round(100*list*up)), 2)
			c.cost[y][i] = max(int64(math.Round(100*cost*up)), 1)
		}
		// n*u*u falls into [i, i+1) with this probability.
		share += (math.Sqrt((float64(i-from)+1)/n) - math.Sqrt(place)) * float64(c.cost[0][i]) / float64(c.list[0][i])
	}
	c.costShare = append(c.costShare, share)
}

// pick is the product of category k at u in [0, 1) that costs at most budget at a year's prices
// times level: the category's cheapest where none does.
func (c *catalogue) pick(k, year int, u, budget float64) int32 {
	from, n := c.start[k], float64(c.start[k+1]-c.start[k])
	i := int32(n * u * u)
	for i > 0 && float64(c.list[year][from+i]) > budget {
		i /= 2
	}
	return from + i
}

// The nouns of each category; a category beyond the list takes them again with a number.
const categoryWords = `Fasteners:Hex Bolt,Wood Screw,Threaded Rod,Blind Rivet,Lock Nut
Bearings:Ball Bearing,Roller Bearing,Pillow Block,Thrust Washer,Linear Guide
Seals:O-Ring Set,Shaft Seal,Gasket Sheet,Flange Seal,Bonded Washer
Hydraulics:Hydraulic Hose,Gear Pump,Spool Valve,Cylinder Kit,Pressure Gauge
Pneumatics:Air Cylinder,Push Fitting,Air Filter,Solenoid Valve,Silencer
Safety Gear:Work Glove,Safety Goggle,Ear Defender,Hard Hat,High-Vis Vest
Cutting Tools:Twist Drill,End Mill,Carbide Insert,Saw Blade,Tap Set
Electrical:Circuit Breaker,Terminal Block,Contactor,Relay,Cable Gland
Adhesives:Epoxy Kit,Thread Locker,Silicone Tube,Contact Glue,Tape Roll
Lubricants:Bearing Grease,Cutting Oil,Chain Spray,Gear Oil,Release Agent
Power Tools:Impact Driver,Angle Grinder,Rotary Hammer,Jigsaw,Heat Gun
Cable:Control Cable,Power Cable,Data Cable,Cable Duct,Cable Tie
Lighting:LED Panel,High Bay,Work Lamp,Exit Sign,Light Strip
Packaging:Stretch Film,Carton,Strapping Band,Pallet Box,Bubble Wrap
Welding:Welding Wire,Electrode Pack,Torch Tip,Welding Mask,Gas Regulator
Abrasives:Flap Disc,Sanding Belt,Grinding Wheel,Polishing Pad,Wire Brush
Filters:Oil Filter,Filter Cartridge,Air Panel,Filter Bag,Strainer
Pumps:Dosing Pump,Drum Pump,Impeller,Pump Seal,Submersible Pump
Valves:Ball Valve,Check Valve,Gate Valve,Actuator,Needle Valve
Sensors:Proximity Sensor,Photo Eye,Thermocouple,Flow Meter,Limit Switch`

func categoryLine(k int) (name, nouns string, round int) {
	lines := strings.Split(categoryWords, "\n")
	name, nouns, _ = strings.Cut(lines[k%len(lines)], ":")
	return name, nouns, k / len(lines)
}

func categoryName(k int) string {
	name, _, round := categoryLine(k)
	if round > 0 {
		name += " " + strconv.Itoa(round+1)
	}
	return name
}

// productName is unique in its category: noun and size.
func (c *catalogue) productName(i int32) string {
	k := c.ofProduct[i]
	_, nouns, _ := categoryLine(int(k))
	words := strings.Split(nouns, ",")
	j := int(i - c.start[k])
	return words[j%len(words)] + " " + strconv.Itoa(100+10*(j/len(words)))
}

// appendProductID appends P00001 and so on.
func appendProductID(dst []byte, i int32) []byte {
	return appendPadded(append(dst, 'P'), int64(i)+1, 5)
}

// appendPadded appends v with leading zeros to a width; wider numbers stay whole.
func appendPadded(dst []byte, v int64, width int) []byte {
	var digits [20]byte
	n := len(digits)
	for ; v > 0 || width > 0; width-- {
		n--
		digits[n] = byte('0' + v%10)
		v /= 10
	}
	return append(dst, digits[n:]...)
}
