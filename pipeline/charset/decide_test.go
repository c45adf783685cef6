package charset

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// encode writes text in c with the library, which is what the decisions have to see through.
func encode(t testing.TB, c Charset, text string) []byte {
	t.Helper()
	if c == UTF8 {
		return []byte(text)
	}
	e := c.multibyte()
	if m := c.table(); m != nil {
		e = m
	}
	b, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%s cannot write %q: %v", c, text, err)
	}
	return b
}

// What people export, in the language that a charset is used for.
const (
	chineseOrders = "客户编号,订单日期,客户名称,金额\r\n1001,2024-01-05,上海东方贸易有限公司,1234.50\r\n1002,2024-01-06,北京华信科技,88\r\n"
	chineseNames  = "id,name,amount\n1,王小明,12\n2,李华,13\n3,张伟强,14\n4,陈思远,15\n5,刘洋,16\n6,赵子龙,17\n"
	splitByPipe   = "客户|品名|金额\n1001|東西|12.00\n1002|镕基閠|5\n" // 東 ends in 0x7C in GBK
	german        = "Kundennr;Name;Straße;Betrag\n1;Müller GmbH;Größlingweg 3;12,50\n2;Jäger & Söhne;Über den Höfen;99,00\n"
	french        = "numéro,société,quantité\n1,Café Léger,12\n2,Château d’Été,3\n3,Noël et Frères,4\n"
	spanish       = "número,descripción,país\n1,Compañía Muñoz,España\n2,Peña,México\n"
	portuguese    = "código,descrição,preço\n1,São João,12\n2,Informações,3\n"
	danish        = "ordre,beløb,område\n1,1200,Sjælland\n2,300,Østerbro\n"
	english       = "product,price\nChildren’s café mug,£12.50\nMen’s “Classic” shirt – blue,£8.00\n"
	polish        = "klient,kwota\nWałęsa,12\nMałgorzata Żółtowska,3\nGdańsk Wrzeszcz,4\nKsiążka,5\n"
	czech         = "zákazník,částka\nDvořák,12\nNěmec a Kříž,3\nŠkoda Mladá,4\n"
	hungarian     = "vevő,összeg\nKovács Gergő,12\nSzűcs Géza,3\nErdős Pál\n"
	turkish       = "müşteri,tutar\nYıldız Ticaret,12\nDoğan Işık,3\nGüneş\n"
	russian       = "клиент,сумма\nИванов Сергей,12\nООО Ромашка,3\nЗаказ покупателя,4\n"
	taiwanese     = "客戶編號,訂單日期,金額\n1,台北科技股份有限公司,12\n2,高雄貿易行,13\n3,王小明,15\n4,陳美玲與家人,8\n"
	japaneseText  = "顧客番号,注文日,きんがく\n1,カブシキガイシャ トヨタ,12\n2,すずき たろう,3\n3,株式会社ひかり,4\n"
	koreanText    = "고객번호,주문일자,금액\n1,삼성전자 주식회사,12\n2,김철수,3\n3,현대자동차,4\n"
)

func TestDecide(t *testing.T) {
	for _, tc := range []struct {
		name string
		text string
		as   Charset // how it is written
		want Charset // Auto: undecided
	}{
		{"ascii", "a,b\n1,2\n", UTF8, UTF8},
		{"utf-8 chinese", chineseOrders, UTF8, UTF8},
		{"utf-8 western", german, UTF8, UTF8},
		{"utf-8 mark", "\ufeff" + chineseOrders, UTF8, UTF8},
		{"utf-16le mark", "\ufeff" + chineseOrders, UTF16LE, UTF16LE},
		{"utf-16be mark", "\ufeff" + chineseOrders, UTF16BE, UTF16BE},
		{"utf-16le chinese", chineseOrders, UTF16LE, UTF16LE},
		{"utf-16be chinese", chineseOrders, UTF16BE, UTF16BE},
		{"utf-16le ascii", "id\tname\n1\tSmith\n", UTF16LE, UTF16LE},
		{"utf-16be ascii", "id\tname\n1\tSmith\n", UTF16BE, UTF16BE},
		{"utf-16le russian", russian, UTF16LE, UTF16LE},
		{"gb18030 mark", "\ufeff,客", GB18030, GB18030},
		{"gbk orders", chineseOrders, GB18030, GB18030},
		{"gbk names, no known word", chineseNames, GB18030, GB18030},
		{"gbk header only", "客户,金额\n1,2\n", GB18030, GB18030},
		{"gbk pipe as second byte", splitByPipe, GB18030, GB18030},
		{"gb18030 four bytes", "客户,金额\nÄ" + "🙂,2\n", GB18030, GB18030},
		{"german", german, Windows1252, Windows1252},
		{"french", french, Windows1252, Windows1252},
		{"spanish", spanish, Windows1252, Windows1252},
		{"portuguese", portuguese, Windows1252, Windows1252},
		{"danish", danish, Windows1252, Windows1252},
		{"english", english, Windows1252, Windows1252},
		{"western, all languages", german + french + spanish + portuguese + danish + english, Windows1252, Windows1252},
		{"capitals", "KUNDE,ORT\n1,MÜNCHEN\n2,GRÖSSE\n3,CAFÉ\n", Windows1252, Windows1252},
		{"one umlaut", "id,name\n1,Müller\n2,Smith\n", Windows1252, Windows1252},
		{"one pound", "id,price\n1,£12.50\n", Windows1252, Windows1252},
		{"no-break spaces", "id,name\n1,John\u00a0Smith,£3\n2,1\u00a0200\n", Windows1252, Windows1252},
		{"polish", polish, Windows1250, Auto},
		{"czech", czech, Windows1250, Auto},
		{"hungarian", hungarian, Windows1250, Auto},
		{"turkish", turkish, Windows1254, Auto},
		{"russian", russian, Windows1251, Auto},
		{"taiwanese", taiwanese, Big5, Auto},
		{"japanese shift_jis", japaneseText, ShiftJIS, Auto},
		{"japanese euc", japaneseText, EUCJP, Auto},
		{"korean", koreanText, EUCKR, Auto},
		{"german mac", german, Macintosh, Auto},
		{"german dos", german, IBM850, Auto},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text := tc.text
			if tc.as == Macintosh || tc.as == IBM850 {
				text = strings.ReplaceAll(text, "’", "'")
			}
			d := Decide(encode(t, tc.as, text), true)
			if d.Charset != tc.want {
				t.Fatalf("got %s, want %s; evidence: %s", d.Charset, tc.want, d.Evidence)
			}
			if (d.Err() == nil) != (tc.want != Auto) || (d.Confidence == Undecided) != (tc.want == Auto) {
				t.Errorf("got error %v and %s for %s", d.Err(), d.Confidence, d.Charset)
			}
			if tc.want == Auto && !slices.Contains(d.Candidates, tc.as) {
				t.Errorf("got candidates %v, want %s among them; %s", d.Candidates, tc.as, d.Evidence)
			}
			if tc.want != Auto && len(d.Candidates) > 0 {
				t.Errorf("got candidates %v of a decision", d.Candidates)
			}
			t.Log(d.Confidence, d.Evidence, d.Err())
		})
	}
}

// TestShortSamples: few bytes fit everything, and have to be left undecided.
func TestShortSamples(t *testing.T) {
	for _, sample := range []string{
		"\xc4\xe3",          // 你, or Äã
		"\xa3",              // a pound, or half a sign
		"\xe9\xe9",          // a Hanzi, or éé
		"a,\xc4\xe3\n",      //
		"x\n1,\xdcmit\n",    // Ümit, or a rare Hanzi
		"\xd0\xf4,1\n",      // 恤
		"\xff\xff\xff",      // nothing
		"\x81\x8d\x8f\x90z", // undefined in windows-1252
		"T\xd0\xf4,L\xba\xc5\n",
	} {
		d := Decide([]byte(sample), true)
		if !errors.Is(d.Err(), ErrUndecided) || d.Charset != Auto || d.Confidence != Undecided {
			t.Errorf("%q: got %s (%v), want it undecided", sample, d.Charset, d.Err())
		}
		if d.Offset != int64(asciiLen([]byte(sample))) {
			t.Errorf("%q: got offset %d, want that of the first byte beyond ASCII", sample, d.Offset)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		want       error
		says       string
	}{
		{"utf-32le mark", "\xff\xfe\x00\x00a\x00\x00\x00", ErrUnsupported, "UTF-32LE; save the file as UTF-8"},
		{"utf-32be mark", "\x00\x00\xfe\xff\x00\x00\x00a", ErrUnsupported, "UTF-32BE"},
		{"utf-32le", "a\x00\x00\x00,\x00\x00\x00b\x00\x00\x00", ErrUnsupported, "UTF-32LE"},
		{"utf-32be", "\x00\x00\x00a\x00\x00\x00,\x00\x00\x00b", ErrUnsupported, "UTF-32BE"},
		{"damaged utf-8", "客户,金额\n上海\xff,12\n", ErrMixed, "offset 20 (0xFF)"},
		{"utf-8 cut off", "客户,金额\n上\xe6\xb5", ErrMixed, "set charset: utf-8"},
		{"half 1252", "café,Müller,naïve\nS\xf6hne,K\xf6ln,M\xfcnchen,caf\xe9s\n", ErrMixed, "windows-1252 if it was never UTF-8"},
		{"short", "\xc4\xe3", ErrUndecided, "set charset: to the right one"},
	} {
		err := Decide([]byte(tc.file), true).Err()
		if !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: got %v, want %v with %q", tc.name, err, tc.want, tc.says)
		}
	}
}

// TestNoUTF16: NULs alone do not make UTF-16.
func TestNoUTF16(t *testing.T) {
	for _, file := range []string{
		"a,b\n1,\x00\n2,\x00\x00\n", "abc\x00\x00\x00def\x00\x00\x00gh", "\x00", "a\x00", "\x00\x00\x00\x00",
		strings.Repeat("x,y\n", 1000) + "\x00",
	} {
		if d := Decide([]byte(file), true); d.Charset != UTF8 || d.Confidence != Certain {
			t.Errorf("%.20q: got %s, %s; want utf-8, certain", file, d.Charset, d.Confidence)
		}
	}
}

// TestWordsDecide: a word the caller expects settles what frequency does not.
func TestWordsDecide(t *testing.T) {
	file := encode(t, GB18030, "id,货主\n1,2\n")
	if d := Decide(file, true); d.Err() == nil {
		t.Errorf("got %s without the word, want it undecided", d.Charset)
	}
	if d := Decide(file, true, "货主"); d.Charset != GB18030 || !strings.Contains(d.Evidence, "货主") {
		t.Errorf("got %s, %s; want gb18030 by the word", d.Charset, d.Evidence)
	}
	if d := Decide(file, true, "id", "主"); d.Err() == nil {
		t.Errorf("got %s by words that prove nothing, want it undecided", d.Charset)
	}
}

// TestCutSample: wherever a sample of UTF-8 ends, it is UTF-8, and nothing cut is certain.
func TestCutSample(t *testing.T) {
	for _, text := range []string{chineseOrders, german, "a🙂b"} {
		for n := range len(text) + 1 {
			d := Decide([]byte(text[:n]), false)
			if d.Charset != UTF8 || d.Confidence != Likely {
				t.Fatalf("%q: got %s, %s; want utf-8, likely", text[:n], d.Charset, d.Confidence)
			}
		}
	}
	gbk := encode(t, GB18030, strings.Repeat(chineseOrders, 3))
	for n := 60; n <= len(gbk); n++ {
		if d := Decide(gbk[:n], false); d.Charset != GB18030 {
			t.Fatalf("first %d bytes: got %s, want gb18030; %s", n, d.Charset, d.Evidence)
		}
	}
	west := encode(t, Windows1252, german)
	for n := 40; n <= len(west); n++ {
		if d := Decide(west[:n], false); d.Charset != Windows1252 {
			t.Fatalf("first %d bytes: got %s, want windows-1252; %s", n, d.Charset, d.Evidence)
		}
	}
}

func TestParse(t *testing.T) {
	for c := Auto; c < count; c++ {
		if got, err := Parse(strings.ToUpper(c.String())); got != c || err != nil {
			t.Errorf("%s: got %s, %v", c, got, err)
		}
	}
	for name, want := range map[string]Charset{"": Auto, "GBK": GB18030, "gb2312": GB18030, "UTF8": UTF8, "Latin-1": Windows1252,
		"ISO-8859-1": Windows1252, "UTF_16 LE": UTF16LE, "Shift-JIS": ShiftJIS, "cp936": GB18030} {
		if got, err := Parse(name); got != want || err != nil {
			t.Errorf("%q: got %s, %v; want %s", name, got, err, want)
		}
	}
	for _, name := range []string{"utf-16", "utf-32", "klingon", "x"} {
		if got, err := Parse(name); err == nil || got != Auto || !strings.Contains(err.Error(), "utf-") {
			t.Errorf("%q: got %s, %v; want an error that names what to write", name, got, err)
		}
	}
}

// TestNeverWrong takes words out of every language's text: whatever is decided for must read them as
// they were written. The one exception are one or two letters of another Latin code page, of which
// some words look Western ("Kęstutis" in Windows-1257 is "Kæstutis").
func TestNeverWrong(t *testing.T) {
	for _, tc := range []struct {
		as   Charset
		text string
	}{
		{GB18030, chineseOrders}, {GB18030, chineseNames}, {GB18030, splitByPipe}, {Windows1252, german}, {Windows1252, french},
		{Windows1252, spanish}, {Windows1252, portuguese}, {Windows1252, danish}, {Windows1252, english}, {Windows1250, polish},
		{Windows1250, czech}, {Windows1250, hungarian}, {Windows1254, turkish}, {Windows1251, russian}, {Big5, taiwanese},
		{ShiftJIS, japaneseText}, {EUCJP, japaneseText}, {EUCKR, koreanText}, {Macintosh, german}, {IBM850, german}, {UTF8, turkish}, {UTF8, koreanText},
		// More languages, held out when the first rules were made.
		{Windows1252, "città,quantità\n1,Perù Caffè,12\n2,Società Forlì,3\n3,Già così\n"},
		{Windows1252, "població,descripció\n1,Història Ramblà,3\n2,Barça,4\n"},
		{Windows1252, "ordernummer,försäljning\n1,Åkerlund Västerås,12\n2,Göteborg Malmö,3\n"},
		{Windows1252, "tuote,määrä\n1,Jyväskylä Oy,12\n2,Hämeenlinna Äijälä,3\n"},
		{Windows1252, "fyrirtæki,upphæð\n1,Þórður Jónsson,12\n2,Reykjavík Íslandsbanki,3\n"},
		{Windows1252, "client,pays\n1,Hôtel de la Forêt,12\n2,Lefèvre Sœurs,3\n3,Où dîner à Nîmes,4\n"},
		{Windows1250, "kupac,iznos\n1,Petrović Željko,12\n2,Kovačević Đuro,3\n3,Šibenik\n"},
		{Windows1250, "zákazník,množstvo\n1,Košice Ľubomír,12\n2,Žilina Ďurčo,3\n3,Štúrovo\n"},
		{Windows1250, "client,sumă\n1,Ştefănescu,12\n2,Piteşti Braşov,3\n"},
		{Windows1250, "Kunde,Ort\n1,Jäger Příbram,12\n2,Bäcker Plzeň,3\n3,Müller Děčín,4\n"},
		{Windows1251, "товар,цена\nМолоко Простоквашино,12\nХлеб Бородинский,3\nСЫР РОССИЙСКИЙ,4\n"},
		{Windows1254, "ürün,açıklama\n1,Çağrı İnşaat,12\n2,Şişli Beyoğlu,3\n"},
		{Windows1257, "klientas,suma\n1,Šiauliai Žemaitė,12\n2,Ąžuolas Kęstutis,3\n"},
		{Big5, "品名,數量\n1,筆記型電腦,12\n2,無線滑鼠與鍵盤,3\n3,螢幕保護貼,4\n"},
		{EUCKR, "상품명,수량\n1,무선 마우스,12\n2,기계식 키보드,3\n3,모니터 받침대,4\n"},
		{ShiftJIS, "商品名,数量\n1,ワイヤレスマウス,12\n2,東京都港区,3\n3,株式会社山田製作所,4\n"},
		{EUCJP, "商品名,数量\n1,東京都港区,12\n2,株式会社山田製作所,3\n3,大阪府中央区本町,4\n"},
		{GB18030, "name,city\n1,欧阳娜娜,杭州市西湖区\n2,司马懿,成都市锦江区\n3,诸葛亮,南阳卧龙岗\n"},
	} {
		words := strings.FieldsFunc(tc.text, func(r rune) bool { return strings.ContainsRune(",;|\r\n ", r) })
		wrong, few, decided, n := 0, 0, 0, 0
		for from := range words {
			for to := from + 1; to <= len(words); to++ {
				text := strings.Join(words[from:to], ",") + "\n"
				file := encode(t, tc.as, text)
				d := Decide(file, true)
				if n++; d.Err() != nil {
					continue
				}
				decided++
				if got, _, err := readAll(strings.NewReader(string(file)), Options{}, 4096); err != nil || got != text {
					if tc.as.table() != nil && beyond(file) < 3 {
						few++
						continue
					}
					wrong++
					t.Logf("%s %q: read as %s: %q; %s", tc.as, text, d.Charset, got, d.Evidence)
				}
			}
		}
		t.Logf("%s %.20q: %d of %d decided, %d wrong, %d with less than three letters", tc.as, tc.text, decided, n, wrong, few)
		if wrong > 0 {
			t.Errorf("%s: got %d of %d wrong, want none", tc.as, wrong, n)
		}
	}
}

func beyond(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= 0x80 {
			n++
		}
	}
	return n
}
