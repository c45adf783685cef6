package charset

// letters counts the bytes beyond ASCII that stand where letters stand.
type letters struct {
	inner   [256]int // after a letter and before a lower-case one
	near    [256]int // after or before a letter
	central [256]int // letters of Windows-1250 by their neighbours: see central
	sharp   int      // E1 after a vowel: á, or the ß of MS-DOS
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
		before, after := letter(p) || p >= 0x80, letter(n) || n >= 0x80
		if before && (lower(n) || lower1252(n)) {
			l.inner[c]++
		}
		if before || after {
			l.near[c]++
		}
		if central(c, p, n, before, after) {
			l.central[c]++
		}
		if c == 0xe1 && vowel(p) {
			l.sharp++
		}
	}
}

// central tells the letters of Central Europe by where the Western letters of the same bytes never
// stand: ě and ů within words (ì ù end them), č before vowels (è does not), ń before consonants (ñ
// does not), ř at vowels (ø is one), ć at the end after a vowel (æ is one), ő not before e (õ is),
// ă not before o or e (ã is), ň after e or a (ò is not), and letters where Windows-1252 has signs.
func central(c, prev, next byte, before, after bool) bool {
	switch c {
	case 0xe3:
		return next != 'o' && next != 'e' && next != 'O' && next != 'E'
	case 0x8c, 0x9c: // Ś ś, or Œ œ
		return next == 'r' || next == 'w' || next == 'l' || next == 'm'
	case 0xf2:
		return prev == 'e' || prev == 'a'
	case 0xa3, 0xa5, 0xaa, 0xaf, 0xbc, 0xbe: // Ł Ą Ş Ż Ľ ľ, or £ ¥ ª ¯ ¼ ¾
		return !before && !digit(prev) && lower(next)
	case 0xb3, 0xb9, 0xba, 0xbf: // ł ą ş ż, or ³ ¹ º ¿
		return before && after
	case 0xec, 0xf9:
		return after
	case 0xe8:
		return vowel(next)
	case 0xf1:
		return before && !vowel(next)
	case 0xf8:
		return vowel(prev) || vowel(next)
	case 0xe6:
		return vowel(prev) && !after
	case 0xf5:
		return next != 'e'
	}
	return false
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y', 'A', 'E', 'I', 'O', 'U', 'Y', 0xe1, 0xe9, 0xed, 0xf3, 0xfa, 0xfd, 0xec, 0xf9, 0xfc:
		return true
	}
	return false
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
	mid := &l.central
	nordic := sum(near, 0xe5, 0xe6)-sum(mid, 0xe6) > 0            // å æ: then ø may stand at vowels
	estonian := sum(near, 0xe4) > 0 && sum(near, 0xe1, 0xf3) == 0 // ä without á ó: then õ may stand anywhere
	central := sum(mid, 0xec, 0xf9, 0xe8, 0xf1) > 0 || sum(mid, 0xf8, 0xe6) > 0 && !nordic || sum(mid, 0xf5) > 0 && !estonian ||
		sum(mid, 0xe3) > 0 && sum(near, 0xe7) == 0 || sum(mid, 0x8c, 0x9c, 0xf2, 0xa3, 0xa5, 0xaa, 0xaf, 0xbc, 0xbe, 0xb3, 0xb9, 0xba, 0xbf) > 0 ||
		sum(near, 0x9a, 0x9e) > 0 && sum(near, 0xe8, 0xec, 0xf8, 0xf9, 0xf2, 0xe6, 0xf0) > 0 // š ž with č ě ř ů ň ć đ
	french := sum(near, 0xe0, 0xe7, 0xe8, 0xe2, 0xe3, 0xf4, 0xee) > 0
	hungarian := sum(near, 0xfb) > 0 && !french && sum(near, 0xea) == 0 // ű, or û
	polish := sum(in, 0x9f) > 0 ||                                      // ź
		sum(near, 0xea) > 0 && !french && sum(near, 0xe9) == 0 // ę, or ê
	turkish := sum(near, 0xf0, 0xfd, 0xfe, 0xd0, 0xdd, 0xde) > 0 && sum(near, 0xed, 0xf3, 0xfa) == 0 // ğ ı ş; with í ó ú Icelandic
	var out []Charset
	if central || polish || hungarian {
		out = append(out, Windows1250)
	}
	if turkish {
		out = append(out, Windows1254)
	}
	low, all, high := 0, 0, 0
	for c, n := range near {
		if all += n; c >= 0xc0 {
			high += n
		}
	}
	for c := 0x80; c < 0xa0; c++ {
		switch c {
		case 0x91, 0x92, 0x96, 0x97, 0x9a, 0x9c, 0x9e: // apostrophes, dashes, š œ ž
		default:
			low += in[c]
		}
	}
	// Letters of Mac and MS-DOS stand at 80..9F, where Windows-1252 has few and those seldom alone.
	alone := high == 0 && sum(near, 0x9a, 0x9c, 0x9e) > 0 || l.sharp > 0 && l.sharp == high
	if alone || low*5 > all {
		out = append(out, dos()...)
	}
	return out
}

// dos are the charsets that have their letters at 80..9F.
func dos() []Charset { return []Charset{Macintosh, IBM850} }
