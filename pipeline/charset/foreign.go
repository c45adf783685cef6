package charset

// letters counts the bytes beyond ASCII that stand where letters stand.
type letters struct {
	inner [256]int // after a letter and before a lower-case one
	near  [256]int // after or before a letter
}

// add counts bytes that stand together, between prev and next.
func (l *letters) add(b []byte, prev, next byte) {
	if len(b) > 3 {
		return
	}
	for i, c := range b {
		p, n := prev, next
		if i > 0 {
			p = b[i-1]
		}
		if i < len(b)-1 {
			n = b[i+1]
		}
		before := letter(p) || p >= 0x80
		if before && (lower(n) || lower1252(n)) {
			l.inner[c]++
		}
		if (before || letter(n) || n >= 0x80) && !(c == 0xf5 && n == 'e') { // õe is Portuguese
			l.near[c]++
		}
	}
}

func sum(counts *[256]int, bytes ...byte) int {
	n := 0
	for _, c := range bytes {
		n += counts[c]
	}
	return n
}

// foreign tells the code pages whose letters are other signs or letters in Windows-1252, by what
// Western words do not hold, or do not hold together.
func (l *letters) foreign() []Charset {
	in, near := &l.inner, &l.near
	polish := sum(in, 0xb3, 0xb9, 0xbf, 0x9f) > 0 // ł ą ż ź
	// š and ž are the same in both; with č ě ř ů ň ć đ they are no Finnish.
	czech := sum(near, 0x9a, 0x9e) > 0 && sum(near, 0xe8, 0xec, 0xf8, 0xf9, 0xf2, 0xe6, 0xf0) > 0 ||
		sum(near, 0xec) > 0 && sum(near, 0xf8) > 0
	// ő ű; with ã ç they are Portuguese, with ä Estonian, without á ó French.
	hungarian := sum(near, 0xf5, 0xfb) > 0 && sum(near, 0xe1, 0xf3) > 0 && sum(near, 0xe3, 0xe4, 0xe7) == 0
	romanian := sum(in, 0xba) > 0                                                // ş
	turkish := sum(in, 0xf0, 0xfd, 0xfe) > 0 && sum(near, 0xed, 0xf3, 0xfa) == 0 // ğ ı ş; with í ó ú Icelandic
	var out []Charset
	if polish || czech || hungarian || romanian {
		out = append(out, Windows1250)
	}
	if turkish {
		out = append(out, Windows1254)
	}
	low, all := 0, 0
	for _, n := range near {
		all += n
	}
	for c := 0x80; c < 0xa0; c++ {
		switch c {
		case 0x91, 0x92, 0x96, 0x97, 0x9a, 0x9c, 0x9e: // apostrophes, dashes, š œ ž
		default:
			low += in[c]
		}
	}
	if low*5 > all { // most of their letters; an ellipsis between two words is no more than a few
		out = append(out, dos()...)
	}
	return out
}

// dos are the charsets that have their letters at 80..9F.
func dos() []Charset { return []Charset{Macintosh, IBM850} }
