// Package charset decides by evidence what the bytes of a text file mean, and gives the file as
// UTF-8. That has to happen before records are split: the second byte of a GBK character can be a
// `|` or a `\`.
//
// A Reader works in one pass and a bounded window of memory:
//
//  1. The start of the file: a byte order mark (UTF-8, UTF-16, GB18030; UTF-32 is refused), else
//     the NUL pattern of UTF-16 without one.
//  2. ASCII passes untouched, however much of it there is: it means the same in every charset left.
//  3. The first byte beyond ASCII, wherever it comes, opens a window. Strict UTF-8 there is UTF-8
//     from then on. Else the window is weighed as GB18030 against Windows-1252: common Chinese
//     characters, Western letters between ASCII letters, known header words, impossible bytes. The
//     traces of other charsets (Big5, Shift_JIS, EUC-KR, Windows-1250, 1251, ...) make it refuse.
//  4. The rest is decoded. What cannot be decoded becomes U+FFFD and is counted.
//
// What the evidence does not decide is an error that says what was seen and which settings would
// settle it, never a guess. Text that is UTF-8 but for some bytes is ErrMixed.
package charset

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Charset is how text is encoded. The zero value, Auto, is a setting: decide by evidence.
type Charset uint8

// The charsets that evidence can decide for. ASCII is UTF8, GBK and GB2312 are GB18030, Latin-1 is
// Windows1252.
const (
	Auto Charset = iota
	UTF8
	UTF16LE
	UTF16BE
	GB18030
	Windows1252

	// The charsets below are read only where a setting says so. Evidence names some of them as
	// candidates, and never decides for them.

	Windows1250
	Windows1251
	Windows1254
	Windows1257
	ISO885915
	Macintosh
	IBM850
	Big5
	ShiftJIS
	EUCJP
	EUCKR
	count
)

// String is the charset's name as a setting takes it.
func (c Charset) String() string {
	if c >= count {
		return fmt.Sprintf("charset(%d)", uint8(c))
	}
	return [count]string{"auto", "utf-8", "utf-16le", "utf-16be", "gb18030", "windows-1252", "windows-1250",
		"windows-1251", "windows-1254", "windows-1257", "iso-8859-15", "macintosh", "ibm850", "big5",
		"shift_jis", "euc-jp", "euc-kr"}[c]
}

// Parse gives the charset of a setting. Case, spaces, hyphens and underscores do not matter, "" is
// Auto, and the everyday aliases are known (gbk, gb2312, cp936, latin1, iso-8859-1, cp1252, ...).
func Parse(name string) (Charset, error) {
	key := fold(name)
	for c := Auto; c < count; c++ {
		if fold(c.String()) == key {
			return c, nil
		}
	}
	switch key {
	case "":
		return Auto, nil
	case "ascii", "usascii", "utf8bom", "utf8sig", "cp65001":
		return UTF8, nil
	case "gbk", "gb2312", "cp936", "windows936", "euccn":
		return GB18030, nil
	case "latin1", "iso88591", "cp1252", "1252", "win1252", "ansi":
		return Windows1252, nil
	case "cp1250":
		return Windows1250, nil
	case "cp1251":
		return Windows1251, nil
	case "cp1254", "iso88599", "latin5":
		return Windows1254, nil
	case "cp1257":
		return Windows1257, nil
	case "latin9":
		return ISO885915, nil
	case "mac", "macroman":
		return Macintosh, nil
	case "cp850":
		return IBM850, nil
	case "cp950":
		return Big5, nil
	case "sjis", "cp932", "windows31j":
		return ShiftJIS, nil
	case "cp949", "uhc":
		return EUCKR, nil
	case "utf16", "ucs2":
		return Auto, fmt.Errorf("charset %q leaves the byte order open; say utf-16le (what Windows writes) or utf-16be", name)
	}
	names := make([]string, 0, count)
	for c := Auto; c < count; c++ {
		names = append(names, c.String())
	}
	return Auto, fmt.Errorf("charset %q is not known; use one of %s, or convert the file to utf-8 first", name, strings.Join(names, ", "))
}

func fold(name string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
}

// table is the charmap of a single-byte charset, nil for all others.
func (c Charset) table() *charmap.Charmap {
	switch c {
	case Windows1250:
		return charmap.Windows1250
	case Windows1251:
		return charmap.Windows1251
	case Windows1252:
		return charmap.Windows1252
	case Windows1254:
		return charmap.Windows1254
	case Windows1257:
		return charmap.Windows1257
	case ISO885915:
		return charmap.ISO8859_15
	case Macintosh:
		return charmap.Macintosh
	case IBM850:
		return charmap.CodePage850
	}
	return nil
}

// multibyte is the library's form of a charset of several bytes a character, nil for all others.
func (c Charset) multibyte() encoding.Encoding {
	switch c {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case GB18030:
		return simplifiedchinese.GB18030
	case Big5:
		return traditionalchinese.Big5
	case ShiftJIS:
		return japanese.ShiftJIS
	case EUCJP:
		return japanese.EUCJP
	case EUCKR:
		return korean.EUCKR
	}
	return nil
}
