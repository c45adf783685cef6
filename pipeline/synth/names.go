package synth

import (
	"strconv"
	"strings"
)

// Invented company names: a first word, a trade word that tells the industry and, in companies with
// many accounts, a town and then a number. Mail goes to .example, which nobody can own (RFC 2606).
const (
	firstWords = `Northgate Alder Brightwell Caldera Dunmore Eastvale Fernhill Granite Harrow Ironbridge
Juniper Kestrel Larkfield Meridian Norwick Oakhaven Pinecrest Quarry Ravenna Silverlake
Thornbury Ullswater Vantage Westmark Yarrow Zephyr Amberley Blackthorn Cobalt Drayton
Elmwood Foxglove Glenrock Hawksworth Inverness Jasper Kingsway Linden Maplewood Newbridge
Orchard Portland Queensway Redstone Stonegate Tamarind Upland Valdor Willow Arden
Birchwood Copperfield Delmar Evergreen Fairmont Greystone Highland Ivory Jadewell Keystone
Lakeshore Millbrook Nordhaus Osprey Palisade Ridgeway Sandstone Trident Umbria Verdant
Wexford Anchor Beacon Crossfield Dovetail Ember Falcon Garnet Heron Indigo
Juno Kirkwall Lodestar Marlow Nimbus Onyx Pioneer Quartz Rowan Summit
Tidewater Unity Vesper Wyndham Aurora Bluefin Cascade Dynamo Equinox Frontier`

	tradeWords = `Mechanical Engineering:Machinery,Drives,Gearworks,Machine Tools,Turning,Assembly,Mechatronics,Presses
Automotive:Automotive,Coachworks,Axles,Motor Parts,Bodyworks,Trailers,Brakes,Vehicles
Food & Beverage:Foods,Dairies,Bottlers,Bakeries,Mills,Brewing,Fine Foods,Juices
Chemicals:Chemicals,Coatings,Polymers,Resins,Pigments,Laboratories,Plastics,Fibres
Metals:Castings,Steel,Foundry,Metalworks,Forge,Tubes,Wireworks,Sheet Metal
Construction:Construction,Builders,Facades,Roofing,Civil Works,Interiors,Concrete,Timber
Energy:Energy,Turbines,Solar,Grid Services,Heat Works,Power,Boilers,Biogas
Logistics:Logistics,Haulage,Shipping,Warehousing,Freight,Fleet,Couriers,Terminals
Electronics:Electronics,Circuits,Instruments,Optics,Controls,Devices,Systems,Semitec
Public & Health:Clinics,Waterworks,Transit,Facilities,Care Homes,Port Authority,Campus Services,Utilities`

	towns = `Lisbon Turin Gdansk Bergen Leeds Lyon Graz Ghent Malmo Bilbao Brno Aarhus Cork Basel Porto
Utrecht Dresden Verona Lodz Nantes Tampere Bristol Zagreb Linz Murcia Oulu Cardiff Rennes Trieste Essen
Liege Parma Odense Seville Kassel Derby Metz Kosice Bari Leiden`

	territories = `Nordic Iberia Benelux Polska Italia France Suisse Austria Balkan Baltic Hellas Export`

	people = `Anna Berger,Luca Ferri,Maria Santos,Jonas Lind,Claire Dubois,Tom Hughes,Eva Novak,Pieter de Vries,
Sofia Rossi,Karl Weber,Ines Costa,Nina Olsen,Marc Janssen,Julia Kern,Adam Nowak,Laura Moreau,
David Clarke,Elin Berg,Paolo Conti,Sara Lopez,Felix Braun,Hana Dvorak,Oscar Nyberg,Rita Alves,
Simon Koch,Emma Walsh,Jan Kowalski,Lea Fischer,Hugo Martin,Greta Holm,Bruno Silva,Ida Larsen,
Max Huber,Alice Grant,Viktor Toth,Carla Ruiz,Leo Marchand,Petra Zeman,Noah Peeters,Mila Horvat`
)

// region is where an account sits and the legal forms there.
type region struct {
	name  string
	forms [2]string
}

func regions() []region {
	return []region{
		{"DACH", [2]string{"GmbH", "AG"}}, {"Nordics", [2]string{"AB", "AS"}}, {"Benelux", [2]string{"BV", "NV"}},
		{"France", [2]string{"SAS", "SA"}}, {"Iberia", [2]string{"SL", "Lda"}}, {"Italy", [2]string{"Srl", "SpA"}},
		{"UK & Ireland", [2]string{"Ltd", "plc"}}, {"Eastern Europe", [2]string{"sro", "doo"}},
	}
}

// salespersons are the names of the sales team, 40.
func salespersons() []string { return strings.Split(strings.ReplaceAll(people, "\n", ""), ",") }

// naming gives every account a name of its own.
type naming struct {
	first, trade, industry, town, territory []string // trade and industry by trade word
	places                                  shuffle
}

func newNaming(seed uint64, accounts int) *naming {
	n := &naming{first: strings.Fields(firstWords), town: strings.Fields(towns), territory: strings.Fields(territories)}
	for _, l := range strings.Split(tradeWords, "\n") {
		industry, words, _ := strings.Cut(l, ":")
		for _, word := range strings.Split(words, ",") {
			n.trade = append(n.trade, word)
			n.industry = append(n.industry, industry)
		}
	}
	pairs := len(n.first) * len(n.trade)
	n.places = newShuffle(seed, domainNames, (accounts+pairs-1)/pairs*pairs)
	return n
}

// of is the name of an account without its legal form, and its industry.
func (n *naming) of(account int) (name, industry string) {
	place := n.places.at(account)
	round, place := place/(len(n.first)*len(n.trade)), place%(len(n.first)*len(n.trade))
	trade := place / len(n.first)
	name = n.first[place%len(n.first)] + " " + n.trade[trade]
	if round > 0 {
		name += " " + n.town[(round-1)%len(n.town)]
	}
	if round > len(n.town) {
		name += " " + strconv.Itoa((round-1)/len(n.town)+1)
	}
	return name, n.industry[trade]
}

// domain is the mail domain of a name.
func domain(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", "-") + ".example"
}
