package money

import "math/big"

// Terms are what a line amount is made of where tax or conversion take part: (quantity x price x
// (1 - Rate) - Off) / (1 + Tax) x Conversion, or Given in place of the first part.
type Terms struct {
	Quantity Quantity
	Price    Price
	Rate     Rate
	Off      Price
	// Given is the amount as the export states it, where IsGiven.
	Given   Amount
	IsGiven bool
	// Tax is the rate within the amount, above -1; 0 none.
	Tax Rate
	// Conversion is into the reporting currency; 0 none.
	Conversion Rate
}

// Amount computes the terms without any limit on the steps and rounds half to even once. It returns
// false where the result does not fit, or where Tax is -1 or less. It allocates: lines without tax
// and conversion take LineAmount.
func (t Terms) Amount() (Amount, bool) {
	one := big.NewInt(int64(OneRate))
	den := new(big.Int).Add(one, big.NewInt(int64(t.Tax)))
	if den.Sign() <= 0 {
		return 0, false
	}
	num := new(big.Int) // at scale 20
	if t.IsGiven {
		num.Mul(big.NewInt(int64(t.Given)), pow(16))
	} else {
		num.Mul(big.NewInt(int64(t.Quantity)), big.NewInt(int64(t.Price)))
		num.Mul(num, new(big.Int).Sub(one, big.NewInt(int64(t.Rate))))
		num.Sub(num, new(big.Int).Mul(big.NewInt(int64(t.Off)), pow(12)))
	}
	conversion := one
	if t.Conversion != 0 {
		conversion = big.NewInt(int64(t.Conversion))
	}
	// num/1e20 x conversion/1e8 x 1e8/den at scale 4 is num x conversion / (1e16 x den).
	num.Mul(num, conversion)
	den.Mul(den, pow(16))
	return halfEven(num, den)
}

func pow(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }

// halfEven is num/den for den above zero.
func halfEven(num, den *big.Int) (Amount, bool) {
	q, r := new(big.Int).DivMod(num, den, new(big.Int)) // floor; 0 <= r < den
	switch c := r.Lsh(r, 1).Cmp(den); {
	case c > 0, c == 0 && q.Bit(0) == 1:
		q.Add(q, big.NewInt(1))
	}
	if !q.IsInt64() {
		return 0, false
	}
	return Amount(q.Int64()), true
}
