package charset

import (
	"strings"
	"unicode/utf8"
)

// chineseWords are what headers, totals and company names of Chinese exports hold, simplified and
// traditional. Two such characters in a row are four bytes: no other charset gives them by accident.
func chineseWords() []string {
	return strings.Fields(`客户 订单 日期 金额 数量 单价 价格 产品 商品 物料 料品 单据 编号 编码 代码 名称
		销售 合计 总计 小计 公司 有限 单号 行号 类别 分类 规格 型号 部门 业务员 成本 毛利 利润 折扣 收入 含税
		税额 地区 省份 城市 国家 状态 备注 时间 电话 地址 品牌 币种 仓库 单位 供应商 北京 上海 广州 深圳 中国
		客戶 訂單 金額 數量 單價 產品 編號 名稱 銷售 合計 總計 備註 狀態 業務`)
}

// westernWords are header words of Western European exports that hold a letter beyond ASCII, in
// lower case.
func westernWords() []string {
	return strings.Fields(`größe straße für währung stück käufer verkäufer schlüssel gültig länder länge über
		numéro quantité référence société désignation libellé catégorie prénom département région unité
		téléphone modèle créé número descripción categoría teléfono dirección código región país año
		creación compañía razón preço descrição região endereço criação emissão quantità città unità società
		beløb område måned försäljning beställning mängd värde företag määrä päivä yhteensä ryhmä belgië`)
}

// found gives the words that a reading of the bytes holds, at most four. Words of the caller's own
// count where they are not plain ASCII: an ASCII word reads the same in every charset.
func found(text string, lists ...[]string) []string {
	text = strings.ToLower(text)
	var out []string
	for _, list := range lists {
		for _, w := range list {
			w = strings.ToLower(w)
			if utf8.RuneCountInString(w) < 2 || asciiLen([]byte(w)) == len(w) || !strings.Contains(text, w) {
				continue
			}
			if out = append(out, w); len(out) == 4 {
				return out
			}
		}
	}
	return out
}
