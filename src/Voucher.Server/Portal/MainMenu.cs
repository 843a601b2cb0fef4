namespace Voucher.Server.Portal;

/// <summary>One entry of the main menu: shown to those who may open it.</summary>
/// <param name="About">What is done there, for the first page.</param>
public sealed record MainMenu(string Path, Words Label, Words About, string Permission)
{
    /// <summary>The whole menu in its order, by the parts of the work.</summary>
    public static readonly IReadOnlyList<MenuGroup> Groups =
    [
        new(new("日常", "Every day"),
        [
            new("/live", new("实况", "Live"), new("发放、报到、结业、支付进展", "From issue to payment, as it happens"), Accounts.Permission.WatchLive),
            new("/classes", new("班级", "Classes"), new("开班、花名册、考勤、抽查", "Rosters, attendance, spot checks"), Accounts.Permission.ReadClasses),
            new("/terminals", new("终端", "Terminals"), new("配对、确认和停用终端", "Pair, confirm and revoke"), Accounts.Permission.PairTerminal),
        ]),
        new(new("计划与政策", "Plan and rules"),
        [
            new("/planning", new("计划", "Plan"), new("目标任务、完成进度、进展情况表", "Targets, progress, reports"), Accounts.Permission.ReadPlan),
            new("/policies", new("政策", "Policies"), new("政策包：规则、标准和依据的条款", "Policy packs: rules, standards and their clauses"), Accounts.Permission.ReadPolicies),
        ]),
        new(new("劳动者与券", "People and vouchers"),
        [
            new("/register", new("劳动者", "Register"), new("导入和查找劳动者", "Import and find people"), Accounts.Permission.ReadPeople),
            new("/promises", new("待遇", "Promises"), new("创业补贴、吸纳奖励、技工教育补助：谁符合、告知了谁、谁领到", "Grants beside the voucher: who may have them, was told, received them"), Accounts.Permission.ReadPromises),
            new("/issuing", new("发券", "Issuing"), new("拟批次、批准、打印、领取", "Draft, approve, print, hand over"), Accounts.Permission.ReadBatches),
        ]),
        new(new("机构与项目", "Institutions and courses"),
        [
            new("/institutions", new("机构", "Institutions"), new("机构状态、标记和收款账户", "Standing, marks and payee accounts"), Accounts.Permission.ReadInstitutions),
            new("/accreditations", new("认定", "Accreditation"), new("逐年认定：申请、勘验、两人审定、暂停和取消", "Year by year: application, inspection, verdict by two, suspension, withdrawal"), Accounts.Permission.ReadInstitutions),
            new("/teachers", new("师资", "Teachers"), new("师资库：来源、专长、排课不冲突", "The pool: sources, specialities, no double booking"), Accounts.Permission.ReadInstitutions),
            new("/programmes", new("项目", "Programmes"), new("培训项目和补贴标准", "Courses and subsidy standards"), Accounts.Permission.ReadInstitutions),
        ]),
        new(new("资金", "Money"),
        [
            new("/settling", new("结算", "Settlement"), new("申报、审核、批准、支付", "Claim, review, approve, pay"), Accounts.Permission.ReadClaims),
            new("/settling/review", new("审核进度", "Claims under review"), new("期限、轮到谁、电话回访", "Deadlines, whose turn, telephone sample"), Accounts.Permission.ReadClaims),
            new("/settling/publications", new("公示", "Publication"), new("支付前公示名单、异议、留存资金", "Lists before payment, objections, retained money"), Accounts.Permission.ReadPayments),
            new("/settling/payments", new("支付", "Payments"), new("支付批次、银行文件、回盘、对账", "Payments, bank files, returns, reconciliation"), Accounts.Permission.ReadPayments),
            new("/settling/payees", new("收款账户", "Payee accounts"), new("提出、核实、停用收款账户", "Propose, verify and end payee accounts"), Accounts.Permission.ReadPayees),
            new("/settling/allowances", new("补助", "Allowances"), new("生活费、交通费按到课天数，一月一表", "Living and transport by days attended, a list a month"), Accounts.Permission.ReadAllowances),
            new("/settling/colleges", new("院校分成", "Colleges"), new("职业院校培训收入：公用经费不超过一半", "Training income of colleges: half at most for running costs"), Accounts.Permission.ReadForms),
            new("/recoveries", new("追回", "Taking back"), new("追回、缴回、抵扣；警告、整改、处罚", "Taking back, paying in, netting; warning, rectification"), Accounts.Permission.ReadRecoveries),
            new("/forms", new("表单", "Forms"), new("申报表、支付清单、台账摘录、对账单、日结单", "Claim form, payment list, ledger extract, statement, day sheet"), Accounts.Permission.ReadForms),
            new("/ledger", new("资金", "Funds"), new("预算、预留、应付、已付", "Budget, reserved, payable, paid"), Accounts.Permission.ReadLedger),
            new("/ledger/books", new("台账", "Books"), new("任一日期的资金收入台账和支出台账", "Income by source and spending by project at any day"), Accounts.Permission.ReadLedger),
            new("/ledger/closings", new("月结", "Closing"), new("逐月月结、更正账目", "Months closed by two, corrections"), Accounts.Permission.ReadLedger),
        ]),
        new(new("监督", "Oversight"),
        [
            new("/fraud", new("疑点核查", "Holds"), new("暂缓办理的券：看证据、放行或确认", "Vouchers held for a person: evidence, release, confirm"), Accounts.Permission.ReadHolds),
            new("/conflicts", new("报到争议", "Conflicts"), new("几处离线报到分不清先后：两人裁定；终端日志的疑点", "Enrolments made offline that contest each other: two persons decide; faults of journals"), Accounts.Permission.ReadConflicts),
            new("/audit", new("审计", "Audit"), new("谁在何时决定了什么", "Who decided what, and when"), Accounts.Permission.ReadAudit),
            new("/accounts", new("人员账号", "Log-ins"), new("谁有哪些账号和岗位：增减、关闭、合并", "Who holds which log-ins and roles: give, withdraw, close, merge"), Accounts.Permission.ReadAccounts),
            new("/operating", new("运行", "Operating"), new("服务端、数据库、扫码快慢", "Servers, database, speed of scans"), Accounts.Permission.Operate),
        ]),
    ];

    public static readonly IReadOnlyList<MainMenu> All = [.. Groups.SelectMany(group => group.Entries)];

    /// <summary>The groups of which the actor may open something, with what they may open.</summary>
    public static IEnumerable<MenuGroup> For(Actor actor) => Groups
        .Select(group => group with { Entries = [.. group.Entries.Where(entry => actor.May(entry.Permission))] })
        .Where(group => group.Entries.Count > 0);
}

/// <summary>Entries of the main menu under one heading.</summary>
public sealed record MenuGroup(Words Label, IReadOnlyList<MainMenu> Entries);
