package parquetfile

import "fmt"

// fill sets the vector to the next n rows of the current page, 1 <= n <= c.rows.
func (c *chunk) fill(n int) error {
	v := &c.vec
	v.Len, v.Valid, v.Codes, v.Dict = n, nil, nil, nil
	k, err := c.fillValid(n)
	if err != nil {
		return fmt.Errorf("definition levels: %w", err)
	}
	switch c.layout {
	case layoutCodes:
		err = c.fillCodes(k)
	case layoutRuns:
		err = c.fillRuns(k)
	default:
		err = c.fillPlain(k)
	}
	if err != nil {
		return err
	}
	c.rows -= n
	if k < n {
		c.spread(k)
	}
	return nil
}

// spread moves the k values that were read to their rows.
func (c *chunk) spread(k int) {
	v := &c.vec
	switch v.Kind {
	case Float:
		v.Floats = spread(v.Floats, v.Valid, k)
	case Bytes:
	default:
		v.Ints = spread(v.Ints, v.Valid, k)
	}
	if v.Over != nil {
		v.Over = spread(v.Over, v.Valid, k)
	}
	if c.layout == layoutCodes {
		c.held = spread(v.Codes, v.Valid, k)
		v.Codes = c.held
	} else if c.col.form == formBytes || c.col.form == formUUID || c.col.form == formDecimal {
		v.spans = spread(v.spans, v.Valid, k)
	}
}

// fillValid sets v.Valid for n rows and returns how many have a value.
func (c *chunk) fillValid(n int) (int, error) {
	if c.col.maxDef == 0 {
		return n, nil
	}
	present := uint32(c.col.maxDef)
	if all, err := c.defs.skipEqual(n, present); all || err != nil {
		return n, err
	}
	c.levels = sized(c.levels, n)
	most, err := c.defs.read(c.levels)
	if err != nil {
		return 0, err
	}
	if most > present {
		return 0, fmt.Errorf("level %d in a column of depth %d", most, present)
	}
	c.valid = sized(c.valid, n)
	k := 0
	for i, level := range c.levels {
		ok := level == present
		c.valid[i] = ok
		if ok {
			k++
		}
	}
	if k < n {
		c.vec.Valid = c.valid
	}
	return k, nil
}

func (c *chunk) fillCodes(k int) error {
	v := &c.vec
	c.held = sized(c.held, k)
	v.Codes, v.Dict = c.held, c.dict
	most, err := c.codes.read(v.Codes)
	if err != nil {
		return fmt.Errorf("dictionary codes: %w", err)
	}
	if k > 0 && int64(most) >= int64(c.dict.n) {
		return fmt.Errorf("code %d in a dictionary of %d values", most, c.dict.n)
	}
	v.gather()
	return nil
}

func (c *chunk) fillRuns(k int) error {
	c.held = sized(c.held, k)
	if _, err := c.codes.read(c.held); err != nil {
		return err
	}
	c.vec.Ints = sized(c.vec.Ints, k)
	for i, b := range c.held {
		c.vec.Ints[i] = int64(b)
	}
	return nil
}

func (c *chunk) fillPlain(k int) error {
	if c.col.form == formBits {
		err := c.vec.decodeBits(c.plain, c.bit, k)
		c.bit += k
		return err
	}
	used, err := c.vec.decode(c.col, c.plain, k)
	if err != nil {
		return err
	}
	c.plain = c.plain[used:]
	return nil
}
