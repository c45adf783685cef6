package calendar

import "unicode/utf8"

// wordOf reads the letters that b begins with, lower-cased and without accents, into w: their number
// there, and their size in b. Words longer than any month have none.
func wordOf(b []byte, w *[12]byte) (n, size int) {
	for size < len(b) {
		c, s := b[size], 1
		if c >= utf8.RuneSelf {
			var r rune
			r, s = utf8.DecodeRune(b[size:])
			c = bare(r)
		} else if c |= 0x20; c-'a' >= 26 {
			c = 0
		}
		if c == 0 {
			break
		}
		if n == len(w) {
			return 0, 0
		}
		w[n] = c
		n++
		size += s
	}
	return n, size
}

// bare is the letter under an accent, 0 for anything else.
func bare(r rune) byte {
	switch r {
	case 'é', 'è', 'ê', 'É', 'È', 'Ê':
		return 'e'
	case 'û', 'ú', 'ù', 'Û', 'Ú', 'Ù':
		return 'u'
	case 'ä', 'á', 'à', 'Ä', 'Á', 'À':
		return 'a'
	case 'ç', 'Ç':
		return 'c'
	}
	return 0
}

// monthOf is the month that a word names in English, German, French, Spanish, Italian, Dutch or
// Portuguese, 0 for none. No word names two of them, so a column needs no language.
func monthOf(word []byte) int {
	switch string(word) {
	case "jan", "january", "januar", "janner", "janvier", "janv", "enero", "ene", "gennaio", "gen", "januari", "janeiro":
		return 1
	case "feb", "february", "februar", "fevrier", "fevr", "fev", "febrero", "febbraio", "februari", "fevereiro":
		return 2
	case "mar", "march", "marz", "maerz", "mrz", "mars", "marzo", "maart", "mrt", "marco":
		return 3
	case "apr", "april", "avril", "avr", "abril", "abr", "aprile":
		return 4
	case "may", "mai", "mayo", "maggio", "mag", "mei", "maio":
		return 5
	case "jun", "june", "juni", "juin", "junio", "giugno", "giu", "junho":
		return 6
	case "jul", "july", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho":
		return 7
	case "aug", "august", "aout", "agosto", "ago", "augustus":
		return 8
	case "sep", "sept", "september", "septembre", "septiembre", "set", "sett", "settembre", "setembro":
		return 9
	case "oct", "october", "okt", "oktober", "octobre", "octubre", "ottobre", "ott", "outubro", "out":
		return 10
	case "nov", "november", "novembre", "noviembre", "novembro":
		return 11
	case "dec", "december", "dez", "dezember", "decembre", "diciembre", "dic", "dicembre", "dezembro":
		return 12
	}
	return 0
}

// weekday reports whether a word is a day of the week in English or German, which may come first.
func weekday(word []byte) bool {
	switch string(word) {
	case "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun",
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
		"mo", "di", "mi", "do", "fr", "sa", "so",
		"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag":
		return true
	}
	return false
}

// joint reports whether a word may stand between day, month and year: 5 de marzo de 2026, March 5th.
func joint(word []byte) bool {
	switch string(word) {
	case "de", "del", "of", "st", "nd", "rd", "th", "er":
		return true
	}
	return false
}
