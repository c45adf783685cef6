package ingest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vitalfew/vitalfew/pipeline/ingest"
	"github.com/vitalfew/vitalfew/pipeline/layout"
	"github.com/vitalfew/vitalfew/pipeline/money"
)

// export is a small export of a known system, in the layout that reference/formats.md documents, and what it
// must come to.
type export struct {
	preset, name, text string
	used               int64 // lines
	money              string
	cancelled          int64
	noCustomer         int64
	customers          int
	returned           int64 // of used
	aside              int64 // records that are no lines
	settings           func(*layout.Settings)
}

func shops() []export {
	return []export{
		// 6.00 off 30.00 is spread, 5.00 refunded; line discounts stand where they are stated; voided.
		{preset: "shopify", name: "with line discounts", used: 4, money: "28.00", cancelled: 1, customers: 2, returned: 1, text: "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Billing Zip,Cancelled at,Refunded Amount,Vendor,Id,Lineitem discount\n" +
			"#1001,a@x.example,partially_refunded,2026-03-28 11:23:45 +0000,GBP,24.00,3.00,5.40,32.40,SPRING,6.00,2026-03-28 11:23:44 +0000,2,Tea,10.00,,T1,'85004,,5.00,V,900,0.00\n" +
			"#1001,a@x.example,,,,,,,,,,2026-03-28 11:23:44 +0000,1,Pot,10.00,,P1,,,,V,,0.00\n" +
			"#1002,b@x.example,paid,2026-03-30 11:23:45 +0100,GBP,9.00,0.00,0.00,9.00,,1.00,2026-03-30 11:23:45 +0100,1,Tea,10.00,,T1,'85004,,0.00,V,901,1.00\n" +
			"#1003,b@x.example,voided,,GBP,10.00,0.00,0.00,10.00,,0.00,2026-03-30 12:23:45 +0100,1,Tea,10.00,,T1,'85004,2026-03-31 09:00:00 +0100,0.00,V,902,0.00\n"},
		// An old export: the discount of the order is the only one. 1.00 of 3 x 3.33 leaves 8.99.
		{preset: "shopify", name: "without line discounts", used: 4, money: "18.99", customers: 2, text: "Name,Email,Financial Status,Currency,Total,Discount Amount,Created at,Lineitem quantity,Lineitem price,Lineitem sku,Refunded Amount\n" +
			"#1,a@x.example,paid,EUR,8.99,1.00,2020-03-01 10:00:00 +0100,1,3.33,P1,0.00\n#1,a@x.example,,,,,2020-03-01 10:00:00 +0100,1,3.33,P2,\n#1,a@x.example,,,,,2020-03-01 10:00:00 +0100,1,3.33,P3,\n" +
			"#2,b@x.example,paid,EUR,10.00,0.00,2020-03-13 10:00:00 +0100,1,10.00,P1,0.00\n"},
		{preset: "woocommerce", used: 3, money: "33.50", cancelled: 1, customers: 2, text: "order_id,order_number,date,status,order_total,cart_discount,customer_email,item_sku,item_quantity,item_total,order_currency\n" +
			"71,71,5/31/2016 0:37,completed,30.00,0,a@x.example,S1,2,20.00,USD\n71,71,5/31/2016 0:37,completed,30.00,0,a@x.example,S2,1,3.50,USD\n" +
			"72,72,6/13/2016 13:05,processing,10.00,0,b@x.example,S1,1,10.00,USD\n73,73,6/14/2016 9:00,failed,10.00,0,b@x.example,S1,1,10.00,USD\n"},
		{preset: "magento", used: 3, money: "95.00", cancelled: 1, customers: 2, returned: 1, text: `ID,"Purchase Point","Purchase Date","Bill-to Name","Ship-to Name","Grand Total (Base)","Grand Total (Purchased)",Status,"Billing Address","Customer Email","Customer Group",Subtotal,"Shipping and Handling","Customer Name","Payment Method","Total Refunded"` + "\n" +
			"000000011,\"Main Website\nMain Store\",\"May 14, 2026 11:23:45 AM\",A,A,79.00,79.00,complete,\"Street 1, Town\",a@x.example,General,75.00,4.00,A,card,10.00\n" +
			"000000012,\"Main Website\nMain Store\",\"May 15, 2026 1:00:00 PM\",B,B,34.00,34.00,processing,\"Street 2\",b@x.example,General,30.00,4.00,B,card,\n" +
			"000000013,\"Main Website\nMain Store\",\"May 16, 2026 1:00:00 PM\",B,B,34.00,34.00,canceled,\"Street 2\",b@x.example,General,30.00,4.00,B,card,\n"},
		{preset: "amazon", used: 3, money: "47.48", cancelled: 1, customers: 2, text: strings.ReplaceAll("amazon-order-id|merchant-order-id|purchase-date|order-status|sales-channel|sku|asin|item-status|quantity|currency|item-price|item-tax|shipping-price|item-promotion-discount|ship-postal-code\n"+
			"111-1|M1|2024-01-05T10:11:12+00:00|Shipped|Amazon.com|S1|B01|Shipped|2|USD|20.00|1.60|4.00|0.00|85004\n111-1|M1|2024-01-05T10:11:12+00:00|Shipped|Amazon.com|S2|B02|Cancelled|1|USD|5.00|0|0|0|85004\n"+
			"111-2|M2|2024-01-06T10:11:12+00:00|Shipped|Amazon.com|S1|B01|Shipped|1|USD|10.00|0.80|4.00|0.00|10115\n111-3|M3|2024-01-07T10:11:12+00:00|Shipped|Amazon.com|S3|B03|Shipped|1|USD|17.48|0|0|0|10115\n", "|", "\t")},
		{preset: "olist", used: 3, money: "140.40", cancelled: 1, customers: 2, text: "order_id,order_item_id,product_id,price,freight_value,customer_id,customer_unique_id,order_status,order_purchase_timestamp,product_category_name\n" +
			"o1,1,p1,58.90,13.29,c1,u1,delivered,2017-09-13 08:59:02,cool_stuff\no1,2,p1,58.90,13.29,c1,u1,delivered,2017-09-13 08:59:02,cool_stuff\n" +
			"o2,1,p2,22.60,10,c2,u2,delivered,2017-10-02 10:56:33,toys\no3,1,p2,22.60,10,c3,u2,canceled,2017-10-03 10:56:33,toys\n"},
		{preset: "uci", name: "I", used: 3, money: "27.19", noCustomer: 1, customers: 1, returned: 1, text: "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n" +
			"536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n536370,POST,POSTAGE,1,2010-12-01 08:45:00,18,17850.0,France\n" +
			"C536379,85123A,HEART,-2,2010-12-01 09:41:00,3.055,17850.0,United Kingdom\n536414,22139,,56,2010-12-01 11:52:00,0,,United Kingdom\n"},
		{preset: "uci", name: "II", used: 2, money: "30.60", customers: 2, text: "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n" +
			"489434,85048,LIGHTS,2,2009-12-01 07:45:00,6.95,13085.0,United Kingdom\n489435,22350,BOWL,10,2009-12-01 07:46:00,1.67,13086.0,United Kingdom\n"},
		{preset: "superstore", name: "English", used: 2, money: "993.90", customers: 2, text: "Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Segment,Country,City,State,Postal Code,Region,Product ID,Category,Sub-Category,Product Name,Sales,Quantity,Discount,Profit\n" +
			"1,CA-2016-152156,11/8/2016,11/11/2016,Second Class,CG-12520,A,Consumer,United States,Henderson,Kentucky,42420,South,FUR-BO-10001798,Furniture,Bookcases,Bush,261.96,2,0,41.9136\n" +
			"2,CA-2016-152157,11/18/2016,11/21/2016,Second Class,CG-12521,B,Consumer,United States,Henderson,Kentucky,42420,South,FUR-CH-10000454,Furniture,Chairs,Hon,731.94,3,0.2,219.582\n"},
		{preset: "superstore", name: "Chinese", used: 2, money: "253.904", customers: 2, text: "行 ID,订单 ID,订单日期,发货日期,邮寄方式,客户 ID,客户名称,细分,城市,省/自治区,国家,地区,产品 ID,类别,子类别,产品名称,销售额,数量,折扣,利润\n" +
			"1,US-2018-1357144,2018/4/27,2018/4/29,二级,曾惠-14485,曾惠,公司,杭州,浙江,中国,华东,办公用-用品-10002717,办公用品,用品,剪刀,129.696,2,0.4,-60.704\n" +
			"2,CN-2018-1973789,2018/6/15,2018/6/19,标准级,许安-10165,许安,消费者,内江,四川,中国,西南,办公用-信封-10004832,办公用品,信封,信封,124.208,2,0,42.5\n"},
		{preset: "adventureworks", used: 2, money: "8099.96", customers: 1, text: "SalesOrderNumber,OrderDate,ProductKey,ResellerKey,EmployeeKey,SalesTerritoryKey,OrderQuantity,UnitPrice,TotalProductCost,SalesAmount,StandardCost\n" +
			"SO43659,2017-07-01,349,676,285,5,1,2024.99,NULL,2024.99,1898.09\nSO43659,2017-07-01,350,676,285,5,3,2024.99,NULL,6074.97,1898.09\n"},
		{preset: "cdnow", used: 3, money: "222.40", customers: 2, text: " 00004 0001 19970101  2   29.33\n 00004 0001 19970118 12  129.73\n 00021 0002 19970101  3   63.34\n"},
	}
}

func systems() []export {
	return []export{
		{preset: "sap", name: "tables", used: 3, money: "1100.00", cancelled: 1, customers: 2, returned: 1, text: "VBELN;POSNR;KUNAG;FKDAT;MATNR;FKIMG;NETWR;WAERK;WAVWR;FKSTO\n" +
			"0090000101;000010;0000100001;15.01.2024;M1;2,000;1.234,56;EUR;900,00;\n0090000101;000020;0000100001;15.01.2024;M2;1,000;100,00;EUR;80,00;\n" +
			"0090000102;000010;0000100002;16.01.2024;M1;1,000;234,56-;EUR;100,00-;\n0090000103;000010;0000100002;17.01.2024;M1;1,000;50,00;EUR;40,00;X\n"},
		{preset: "sap", name: "list with rules and pages", used: 2, money: "300.50", customers: 2, aside: 4, text: "--------------------------------------------------\n|Billing Document|Sold-to party|Billing Date|Material|Billed Quantity|Net Value|\n--------------------------------------------------\n" +
			"|90000101|100001|15.01.2024|M1|2|200,50|\n--------------------------------------------------\n|Billing Document|Sold-to party|Billing Date|Material|Billed Quantity|Net Value|\n|90000102|100002|16.01.2024|M1|1|100,00|\n"},
		{preset: "odoo", used: 3, money: "75.00", cancelled: 1, customers: 2, text: "name,date_order,partner_id/name,order_line/product_id,order_line/product_uom_qty,order_line/price_unit,state\n" +
			"S00001,2024-01-15 10:00:00,Azure Interior,Desk,2,25.0,sale\n,,,Lamp,1,10.0,\nS00002,2024-02-15 10:00:00,Deco,Desk,1,15.0,sale\nS00003,2024-02-16 10:00:00,Deco,Desk,1,15.0,cancel\n"},
		{preset: "netsuite", used: 3, money: "1184.50", customers: 2, returned: 1, text: "Document Number,Date,Name,Type,Item,Quantity,Item Rate,Amount\n" +
			"INV10,1/15/2024,C100 Able,Invoice,Desk,2,\"$600.00\",\"$1,200.00\"\nINV11,1/16/2024,C200 Baker,Invoice,Lamp,1,$9.50,$9.50\nCM12,1/17/2024,C100 Able,Credit Memo,Lamp,(1),$25.00,($25.00)\n"},
		{preset: "quickbooks", used: 3, money: "1525.00", customers: 2, returned: 1, aside: 8, text: "Able & Sons Inc.,,,,,,,\nSales by Customer Detail,,,,,,,\n\"January 1 - December 31, 2024\",,,,,,,\n\n,Type,Date,Num,Item,Qty,Sales Price,Amount\n" +
			"Abercrombie,,,,,,,\n,Invoice,12/15/24,1001,Desk,2,750.00,1500.00\n,Credit Memo,12/20/24,1002,Lamp,-1,25.00,-25.00\nTotal for Abercrombie,,,,,,,1475.00\nBaker:Kitchen,,,,,,,\n,Invoice,11/30/24,1003,Lamp,2,25.00,50.00\nTotal for Baker:Kitchen,,,,,,,50.00\nTOTAL,,,,,,,1525.00\n"},
		{preset: "salesforce", used: 2, money: "57400.00", cancelled: 1, customers: 2, aside: 3, text: "\"Opportunity Name\",\"Account Name\",\"Amount Currency\",\"Amount\",\"Close Date\",\"Stage\"\n" +
			"\"Able 1\",\"Able\",\"USD\",\"45000.00\",\"3/14/2025\",\"Closed Won\"\n\"Baker 1\",\"Baker\",\"USD\",\"12400.00\",\"3/15/2025\",\"Closed Won\"\n\"Baker 2\",\"Baker\",\"USD\",\"900.00\",\"3/16/2025\",\"Prospecting\"\n" +
			"\"Grand Totals (3 records)\"\n\"Confidential Information - Do Not Distribute\"\n\"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"\n"},
		{preset: "hubspot", used: 3, money: "1290000.00", cancelled: 1, customers: 2, text: "\xff\xfe" + utf16(strings.ReplaceAll("Record ID|Deal Name|Deal Stage|Close Date|Deal owner|Amount|Pipeline|Associated Company\n"+
			"1|Able 1|Closed Won|3/14/2025, 10:22 AM|Ann|$45,000|Sales|Able\n2|Baker 1|closedwon|2025-03-15|Ann|45k|Sales|Baker\n3|Baker 2|Closed Won|2025-03-16|Ann|1.2M|Sales|Baker\n4|Baker 3|Closed Lost|2025-03-17|Ann|1.2M|Sales|Baker\n", "|", "\t"))},
		{preset: "zoho", used: 2, money: "54400.00", cancelled: 1, customers: 2, text: "\"Record Id\",\"Deal Name\",\"Account Name\",\"Account Name.id\",\"Stage\",\"Closing Date\",\"Amount\"\n" +
			"\"zcrm_1\",\"A\",\"Able\",\"zcrm_91\",\"Closed Won\",\"2026-11-15\",\"42,000\"\n\"zcrm_2\",\"B\",\"Baker\",\"zcrm_92\",\"Closed Won\",\"10/31/2026\",\"$12,400.00\"\n\"zcrm_3\",\"C\",\"Baker\",\"zcrm_92\",\"Closed Lost\",\"10/01/2026\",\"$1.00\"\n"},
		{preset: "kingdee", used: 3, money: "3160.00", customers: 2, returned: 1, text: "单据编号,日期,客户编码.编码,客户.名称,物料编码.编码,销售数量,单价,不含税金额,总成本,单据状态\n" +
			"XSD001,2024/1/5,C001,甲,M1,2,1500,3000,2000,已审核\n,,,,M2,1,200,200,150,\nXSD002,2024/2/5,C002,乙,M2,-1,40,-40,-30,已审核\n"},
		{preset: "yonyou", name: "management list", used: 3, money: "328600.00", customers: 2, aside: 1, text: "单据编号,单据日期,客户编码,销售人员,销售金额,商品编码,数量,金额\n" +
			"XS01,2024年1月5日,K01,王,300000.00,S1,10,200000.00\n,,,,,S2,5,100000.00\nXS02,2024年2月15日,K02,李,28600.00,S1,1,28600.00\n,,,,,合计:,,328600.00\n"},
		{preset: "yonyou", name: "U9 with tax", used: 2, money: "300.00", customers: 2, text: "单据类型,单号,日期,客户,客户名称,价格含税,业务员,部门,单行.行状态,行号,料品,品名,数量,销售订单行.价税合计\n" +
			"标准,SO1,2024.1.5,K01,甲公司,是,王,一部,已审核,10,P1,茶,2,226.00\n标准,SO2,2024.1.15,K02,乙公司,是,王,一部,已审核,10,P1,茶,1,113.00\n",
			settings: func(s *layout.Settings) { s.TaxRate = 13 * money.OneRate / 100 }},
	}
}

// Every preset reads a small export in its documented layout: exact lines and money of each class, what is no
// line set aside, every byte in its place. No built-in preset goes without.
func TestPresetsReadTheirExports(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range slices.Concat(shops(), systems()) {
		seen[c.preset] = true
		t.Run(strings.TrimSpace(c.preset+" "+c.name), func(t *testing.T) {
			p, err := layout.LoadPreset(c.preset)
			if err != nil {
				t.Fatal(err)
			}
			s := p.Settings
			if c.settings != nil {
				c.settings(&s)
			}
			f := write(t, t.TempDir(), "o.csv", c.text)
			r, l := read(t, ingest.Options{Workers: 1, Mapping: layout.Mapping{Preset: p, Settings: s}}, f)
			if len(r.Rejects) > 0 {
				t.Errorf("rejects %v", r.Rejects)
			}
			used := r.Books.Class[ingest.Used]
			if used.Lines != c.used || used.Money.String() != c.money {
				t.Errorf("%d lines with %s are used, want %d with %s", used.Lines, used.Money, c.used, c.money)
			}
			if a, b := r.Books.Class[ingest.Cancelled].Lines, r.Books.Class[ingest.NoCustomer].Lines; a != c.cancelled || b != c.noCustomer || r.Books.Aside != c.aside {
				t.Errorf("%d cancelled, %d without customer, %d set aside (%v), want %d, %d, %d", a, b, r.Books.Aside, r.Files[0].Aside, c.cancelled, c.noCustomer, c.aside)
			}
			back := int64(0)
			for _, n := range l.Rows().Returned {
				if n != 0 {
					back++
				}
			}
			if l.Customers() != c.customers || back != c.returned {
				t.Errorf("%d customers, %d rows with returns, want %d and %d", l.Customers(), back, c.customers, c.returned)
			}
			if !r.Files[0].Recoded {
				whole(t, c.preset, r, f)
			}
		})
	}
	for _, name := range layout.Presets() {
		if !seen[name] {
			t.Errorf("preset %s reads no export here", name)
		}
	}
}
