"""Names that columns and texts bear in Chinese and English files, in plain form.

Plain: lower case, letters and digits only, so that ``Order No.`` is ``orderno``.
"""

from __future__ import annotations

IDENTIFIERS: dict[str, tuple[str, ...]] = {
    "customer_id": (
        "customerid", "custid", "customerno", "customernumber", "custno", "customer", "clientid",
        "clientno", "client", "userid", "uid", "user", "buyerid", "buyer", "shopperid", "memberid",
        "accountid", "personid", "masterid", "caseid", "caseconceptname", "客户id", "客户编号",
        "客户号", "客户代码", "客户编码", "客户", "用户id", "用户编号", "用户", "顾客编号",
        "顾客id", "买家id", "买家账号", "买家昵称",
        "买家会员名", "会员id", "cid",
    ),
    "member_no": ("memberno", "membernumber", "cardno", "会员号", "会员编号", "会员卡号", "卡号"),
    "patient_no": (
        "patientid", "patientno", "patient", "mrn", "病历号", "患者编号", "患者id",
        "住院号", "门诊号", "就诊卡号",
    ),
    "account_no": ("accountno", "accountnumber", "companyid", "企业编号", "公司编号"),
    "company_name": ("company", "companyname", "account", "organisation", "organization",
                     "公司", "公司名称", "企业名称", "单位名称", "客户名称"),
    "phone": ("phone", "phonenumber", "mobile", "mobilephone", "cellphone", "tel", "telephone",
              "msisdn", "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系方式",
              "收货人手机", "caller", "callernumber", "callerid", "callernum", "buyerphone",
              "buyermobile", "receivermobile", "receiverphone", "receivertel", "主叫", "主叫号码",
              "来电号码", "客户电话", "客户手机", "买家手机"),
    "email": ("email", "emailaddress", "mail", "邮箱", "电子邮箱", "电子邮件", "邮件地址"),
    "id_number": ("idnumber", "idcard", "idcardno", "nationalid", "身份证", "身份证号", "证件号",
                  "证件号码"),
    "wechat_openid": ("openid", "wechatopenid", "微信openid"),
    "wechat_unionid": ("unionid", "wechatunionid", "微信unionid"),
    "app_user_id": ("appuserid", "appid", "应用账号"),
    "device_id": ("deviceid", "idfa", "imei", "oaid", "设备号", "设备id"),
    "cookie": ("cookie", "cookieid", "anonymousid", "visitorid"),
}  # fmt: skip

MOMENTS = (
    "date", "time", "datetime", "timestamp", "when", "day", "orderdate", "ordertime",
    "invoicedate", "purchasedate", "transactiondate", "transactiontime", "eventtime", "eventdate",
    "occurredat", "createdat", "created", "createtime", "paidat", "visitdate", "contactdate",
    "timetimestamp", "starttime", "startedat", "calltime", "paytime", "placedat", "submittedat",
    "通话时间", "开始时间", "呼叫时间", "来电时间", "提交时间", "日期",
    "时间", "发生时间", "下单时间", "下单日期", "订单时间", "订单日期",
    "订单创建时间", "创建时间", "交易时间", "交易日期", "成交时间", "成交日期", "支付时间",
    "付款时间",
    "订单付款时间", "购买时间", "购买日期", "消费时间", "消费日期", "就诊日期", "就诊时间",
    "业务日期",
)  # fmt: skip

LATE_MOMENTS = ("receivedat", "updatedat", "modifiedat", "updatetime", "更新时间", "修改时间")
"""Moments that say when something was told rather than when it happened."""

AMOUNTS = (
    "amount", "orderamount", "totalamount", "total", "totalprice", "ordertotal", "sales",
    "revenue", "value", "ordervalue", "dollarvalue", "paid", "payment", "paymentamount", "spend",
    "spent", "grandtotal", "subtotal", "netamount", "grossamount", "closevalue", "payamount",
    "payprice", "actualamount", "totalfee", "payfee", "totalpaid", "金额", "订单金额",
    "实付", "实付金额", "实付款", "实际支付金额", "买家实际支付金额", "应付金额", "总价", "总金额",
    "总额", "成交额", "成交金额", "销售额", "消费金额", "交易金额", "支付金额", "付款金额", "合计",
)  # fmt: skip
PRICES = ("unitprice", "price", "itemprice", "单价", "价格", "售价", "商品单价", "商品价格")
QUANTITIES = (
    "quantity", "qty", "count", "units", "items", "numberofcds", "numberofitems", "数量", "件数",
    "商品数量", "购买数量", "宝贝总数量", "购买件数",
)  # fmt: skip
ORDERS = (
    "orderid", "orderno", "ordernumber", "order", "invoiceno", "invoice", "invoiceid",
    "invoicenumber", "tid", "tradeno", "ordersn", "transactionid",
    "receiptno", "billno", "订单号", "订单编号", "订单id", "单号",
    "流水号", "交易号", "交易流水号", "发票号", "小票号", "主订单编号",
)  # fmt: skip
TYPES = (
    "event", "eventtype", "eventname", "type", "action", "activity", "conceptname", "behavior",
    "behaviour", "behaviortype", "事件", "事件类型", "事件名称", "类型", "行为", "行为类型", "动作",
    "交易类型", "业务类型", "订单类型",
)  # fmt: skip

FIELDS: dict[str, tuple[str, ...]] = {
    "category": ("category", "productcategory", "品类", "类目", "商品类目", "商品分类", "分类"),
    "product": ("product", "productname", "item", "itemname", "description", "sku", "stockcode",
                "商品", "商品名称", "产品", "产品名称", "宝贝标题", "商品标题"),
    "channel": ("channel", "source", "platform", "渠道", "来源", "平台", "下单渠道", "来源渠道"),
    "campaign": ("campaign", "utmcampaign", "活动", "营销活动", "推广活动"),
    "store": ("store", "shop", "branch", "门店", "店铺", "店铺名称", "网点"),
}  # fmt: skip

PROFILE: dict[str, tuple[str, ...]] = {
    "full_name": ("name", "fullname", "customername", "username", "姓名", "名字", "客户姓名",
                  "收货人", "收货人姓名", "患者姓名"),
    "gender": ("gender", "sex", "性别"),
    "birth_date": ("birthdate", "birthday", "dateofbirth", "dob", "生日", "出生日期"),
    "age": ("age", "年龄"),
    "city": ("city", "town", "城市", "所在城市"),
    "province": ("province", "state", "region", "省份", "省", "所在省份"),
    "country": ("country", "countryregion", "国家", "国家或地区"),
    "address": ("address", "street", "地址", "收货地址", "详细地址", "联系地址"),
    "occupation": ("job", "occupation", "profession", "jobtitle", "职业", "职务", "职位"),
    "education": ("education", "学历", "教育程度"),
    "marital_status": ("marital", "maritalstatus", "婚姻状况", "婚姻"),
    "membership_level": ("level", "tier", "membershiplevel", "会员等级", "等级"),
    "industry": ("industry", "sector", "行业", "所属行业"),
    "employees": ("employees", "headcount", "员工人数", "员工数"),
}  # fmt: skip

EVENTS: dict[str, tuple[str, ...]] = {
    "order.placed": (
        "order", "ordered", "orderplaced", "purchase", "purchased", "buy", "bought", "sale",
        "transaction", "下单", "购买", "成交", "订单", "消费", "交易", "交易成功", "销售", "首单",
        "首次下单", "首次购买", "firstorder", "firstpurchase", "lastorder", "lastpurchase", "末单",
        "最近下单", "最近购买", "最近消费", "上次购买",
    ),
    "order.paid": ("paid", "payment", "pay", "支付", "付款", "已付款", "已支付"),
    "order.cancelled": ("cancel", "cancelled", "canceled", "cancellation", "取消", "已取消", "关闭",
                        "交易关闭", "取消订单", "ordercancelled"),
    "order.refunded": ("refund", "refunded", "return", "returned", "退款", "退货", "已退款",
                       "退单"),
    "order.delivered": ("delivered", "delivery", "shipped", "发货", "签收", "已签收", "交付",
                        "收货"),
    "customer.registered": (
        "register", "registered", "registration", "signup", "signedup", "join", "joined",
        "注册", "开户", "入会", "加入", "建档",
    ),
    "site.visited": ("visit", "visited", "pageview", "session", "访问", "浏览", "到店", "进店"),
    "product.viewed": ("view", "viewed", "pv", "productview", "浏览商品", "查看商品"),
    "cart.updated": ("cart", "addtocart", "加购", "加入购物车", "购物车"),
    "enquiry.made": ("enquiry", "inquiry", "ask", "咨询", "询问"),
    "complaint.opened": ("complaint", "complain", "投诉"),
    "call.made": ("call", "called", "phonecall", "inbound", "outbound", "answered", "电话", "通话",
                  "外呼", "回访", "呼入", "呼出", "来电", "已接"),
    "contact.made": ("contact", "contacted", "联系", "沟通", "跟进"),
    "product.used": ("use", "used", "usage", "login", "使用", "登录"),
    "membership.joined": ("membership", "memberjoined", "成为会员", "办卡"),
    "contract.signed": ("contract", "signed", "sign", "签约", "签订合同"),
    "opportunity.opened": ("engage", "opportunity", "opened", "商机", "新增商机"),
    "opportunity.won": ("won", "win", "赢单", "成单"),
    "opportunity.lost": ("lost", "lose", "输单", "丢单"),
}  # fmt: skip

DATE_ENDINGS = ("datetime", "date", "time", "at", "on", "day", "日期", "时间", "日", "时刻")
