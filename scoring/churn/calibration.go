package churn

// Calibration is a monotone map from the model's log-odds to calibrated ones: Center + Slope (η + Drift).
type Calibration struct {
	// Drift is how far outcomes lay above what was foretold of them, in log-odds, as far as it is to be
	// believed.
	Drift float64 `json:"drift"`
	// Slope, in 1/3..3, is below 1 where the model told customers apart more sharply than they were.
	Slope  float64 `json:"slope"`
	Center float64 `json:"center"`
	// Slices and Customers are what it was read from.
	Slices    int `json:"slices"`
	Customers int `json:"customers"`
}

// The least number of customers of either outcome in a slice to calibrate by; the bounds of the slope, beyond
// which it says more of the data than of the model.
const (
	calibrateEvent = 30
	leastSlope     = 1. / 3
	mostSlope      = 3.
)

// calibrate reads the map from slices that were foretold from those before them; nil where none holds
// enough.
//
// The level and the sharpness are read apart. A season or a year's luck moves the level of a whole slice,
// and thousands of customers in it are still one observation of such a move. So each slice's is taken
// out first. The slope is that of a logistic regression on all of them (Cox 1958; Platt 1999). Of the mean
// of J moves J/(J+1) is believed, its best linear estimate where levels are as uncertain beforehand as slices
// differ, and half of that stays: seasons go as they came. Half was best of 0, 1/2 and 1 on real days, see README.
func calibrate(foretold []heldOut, workers int) (*Calibration, error) {
	c := &Calibration{}
	var all []*design
	moves := 0.0
	for _, s := range foretold {
		if events := count(s.y); min(events, len(s.y)-events) < calibrateEvent {
			continue
		}
		d := &design{columns: 1, offset: s.eta, y: s.y, x: make([]float64, len(s.y))}
		for i := range d.x {
			d.x[i] = 1
		}
		move, _, err := ridge([]*design{d}, 0, nil, workers)
		if err != nil {
			return nil, err
		}
		moves += move[0]
		all = append(all, d.sloped(move[0]))
		c.Customers += len(s.y)
	}
	if c.Slices = len(all); c.Slices == 0 {
		return nil, nil
	}
	c.Drift = moves / float64(2*(c.Slices+1)) // mean x J/(J+1) / 2
	beta, _, err := ridge(all, 1, nil, workers)
	if err != nil {
		return nil, err
	}
	c.Center, c.Slope = beta[0], min(mostSlope, max(leastSlope, 1+beta[1]))
	return c, nil
}

// sloped has the log-odds moved, as offset and as a column: its coefficient is what the slope is more than 1.
func (d *design) sloped(move float64) *design {
	s := &design{columns: 2, y: d.y, offset: make([]float64, d.rows()), x: make([]float64, 0, 2*d.rows())}
	for i, eta := range d.offset {
		s.offset[i] = eta + move
		s.x = append(s.x, 1, s.offset[i])
	}
	return s
}

// At is the probability at some log-odds.
func (c *Calibration) At(eta float64) float64 {
	return logistic(c.Center + float64(c.Slope*(eta+c.Drift)))
}
