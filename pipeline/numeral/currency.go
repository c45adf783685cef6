package numeral

import "unicode/utf8"

// Currencies by their signs and codes; words are matched whole. Spellings of one currency are folded,
// but a bare sign is no code, for $ is the sign of many dollars.
const (
	currencySigns = "$€£¥₹₽₩₺₴₫₪₱₦฿₡₲₵₸₮₭₾₿元円圆"
	// ISO 4217, sorted.
	currencyCodes = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD " +
		"CAD CDF CHF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD " +
		"HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD " +
		"MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR " +
		"RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH " +
		"UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL "
)

// currencyIn is the canonical currency that a folded word writes, empty for none.
func currencyIn(word []byte) string {
	if len(word) == 3 && word[0]-'A' < 26 {
		if s := codeIn(word); s != "" {
			return s
		}
	}
	if r, n := utf8.DecodeRune(word); n == len(word) && (r == '$' || r >= 0x80) {
		for i, sign := range currencySigns {
			if sign == r {
				switch r {
				case '元', '圆':
					return "¥"
				}
				return currencySigns[i : i+n]
			}
		}
		if r < 0x80 {
			return ""
		}
	}
	return namedCurrency(word)
}

// namedCurrency knows the signs of several characters and the abbreviations.
func namedCurrency(word []byte) string {
	switch string(word) {
	case "kr":
		return "kr"
	case "zł":
		return "zł"
	case "Kč":
		return "Kč"
	case "Ft":
		return "Ft"
	case "lei":
		return "lei"
	case "RM":
		return "RM"
	case "Rs":
		return "Rs"
	case "Fr", "SFr":
		return "Fr"
	case "руб", "р":
		return "руб"
	case "грн":
		return "грн"
	case "лв":
		return "лв"
	case "дин":
		return "дин"
	case "RMB", "CN¥":
		return "CNY"
	case "Euro", "EURO":
		return "EUR"
	case "US$":
		return "USD"
	case "A$", "AU$":
		return "AUD"
	case "C$", "CA$":
		return "CAD"
	case "NZ$":
		return "NZD"
	case "HK$":
		return "HKD"
	case "NT$":
		return "TWD"
	case "S$":
		return "SGD"
	case "R$":
		return "BRL"
	case "MX$":
		return "MXN"
	case "JP¥":
		return "JPY"
	}
	return ""
}

func codeIn(word []byte) string {
	lo, hi := 0, len(currencyCodes)/4
	for lo < hi {
		mid := (lo + hi) / 2
		code := currencyCodes[mid*4 : mid*4+3]
		switch {
		case code == string(word):
			return code
		case code < string(word):
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return ""
}

// unitIn is the power of ten that a folded word stands for, 0 for none. A single M is a million, as
// CRM tools write it; MM, which makes M a thousand, is none.
func unitIn(word []byte) int {
	switch string(word) {
	case "k", "K", "千", "Tsd":
		return 3
	case "万", "萬":
		return 4
	case "m", "M", "百万", "百萬", "Mio":
		return 6
	case "千万", "千萬":
		return 7
	case "亿", "億":
		return 8
	case "B", "bn", "Mrd":
		return 9
	}
	return 0
}
