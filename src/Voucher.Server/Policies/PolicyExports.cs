using Voucher.Server.Programmes;
using Voucher.Server.Spreadsheets;

namespace Voucher.Server.Policies;

/// <summary>The county's policy packs.</summary>
public sealed class PoliciesExport(PolicyStore policies) : ListExport("policies", new("政策包", "Policy packs"), Permission.ReadPolicies)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var packs = await policies.ListAsync();
        var columns = new Columns<Policy>()
            .Text("文号", "Document", row => row.DocumentNo, 26)
            .Number("版次", "Version", row => row.Version)
            .Text("名称", "Title", row => row.Title, 40)
            .Words("状态", "Standing", row => PolicyCalendar.StandingOf(row, packs, query.Today).Name())
            .Day("施行自", "In force from", row => row.EffectiveFrom)
            .Day("施行至", "In force until", row => row.EffectiveUntil);
        return ExportTable.Of(query, columns, packs);
    }
}

/// <summary>Every rule of one pack, with the clause that it rests on.</summary>
public sealed class PolicyRulesExport(PolicyStore policies, ProgrammeStore programmes)
    : ListExport("policy-rules", new("政策规则", "Rules of a policy pack"), Permission.ReadPolicies)
{
    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = query.Id("policy");
        if ((await policies.ListAsync()).FirstOrDefault(pack => pack.Id.Value == id) is not { } pack) return null;
        query.Show("文号", "Document", pack.DocumentNo);
        query.Show("名称", "Title", pack.Title);
        var columns = new Columns<PolicyLine>()
            .Words("部分", "Part", row => row.Part?.Name(), 16)
            .Words("规则", "Rule", row => row.Label, 36)
            .Words("内容", "Value", row => row.Value, 36)
            .Text("依据", "Rests on", row => pack.RuleOf(row.Clause!.Value).Clause, 36);
        var lines = new PolicyLinesView(pack, PolicyLines.Of(pack, new TradeNames(await programmes.TradesAsync()).Of));
        return ExportTable.Of(query, columns, lines.Parts.SelectMany(part => part), pack.DocumentNo);
    }
}

/// <summary>Drafts of packs; of the county's own people alone.</summary>
public sealed class PolicyDraftsExport(PolicyDraftStore drafts) : ListExport("policy-drafts", new("政策草案", "Policy drafts"), Permission.ReadPolicies)
{
    private static readonly Columns<PolicyDraft> Columns = new Columns<PolicyDraft>()
        .Text("文号", "Document", row => row.Pack.DocumentNo, 26)
        .Number("版次", "Version", row => row.Pack.Version)
        .Text("名称", "Title", row => row.Pack.Title, 40)
        .Words("状态", "State", row => row.Status.Name(), 12)
        .Day("拟施行", "From", row => row.Pack.EffectiveFrom)
        .Text("拟定", "Drafted by", row => row.DraftedBy, 12)
        .Moment("拟定时间", "Drafted", row => row.DraftedAt)
        .Text("审批", "Decided by", row => row.DecidedBy, 12)
        .Moment("审批时间", "Decided", row => row.DecidedAt)
        .Text("退回原因", "Refused because", row => row.Reason, 30);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query) =>
        query.Actor.IsCounty ? ExportTable.Of(query, Columns, await drafts.ListAsync()) : null;
}

/// <summary>What one draft would change of the rules in force.</summary>
public sealed class DraftChangesExport(PolicyDraftStore drafts, PolicyStore policies, ProgrammeStore programmes)
    : ListExport("policy-draft-changes", new("政策草案改动", "Changes of a policy draft"), Permission.ReadPolicies)
{
    private static readonly Columns<PolicyChange> Columns = new Columns<PolicyChange>()
        .Words("规则", "Rule", row => row.Label, 36)
        .Words("现行", "Now", row => row.Before, 36)
        .Words("改为", "Then", row => row.After, 36);

    public override async Task<ExportTable?> OpenAsync(ExportQuery query)
    {
        var id = query.Id("draft");
        if (!query.Actor.IsCounty || id > int.MaxValue || await drafts.FindAsync((int)id) is not { } draft) return null;
        query.Show("文号", "Document", draft.Pack.DocumentNo);
        var inForce = await policies.InForceOrLastAsync(query.Today);
        query.Show("对照", "Compared with", inForce.DocumentNo);
        return ExportTable.Of(
            query, Columns, PolicyComparison.Of(inForce, draft.Pack, new TradeNames(await programmes.TradesAsync()).Of), draft.Pack.DocumentNo);
    }
}
