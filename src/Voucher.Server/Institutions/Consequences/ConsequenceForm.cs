using Voucher.Server.Api;

namespace Voucher.Server.Institutions.Consequences;

/// <summary>A consequence as it is typed.</summary>
/// <param name="Finding">What was found.</param>
/// <param name="Demand">What must be done (整改), or what is asked of the licensing authority; not for a warning.</param>
/// <param name="DueOn">Last day of a rectification.</param>
/// <param name="RecoveryId">The taking back from which it follows, if any.</param>
public sealed record ConsequenceForm(ConsequenceRung? Rung, string? Finding, string? Demand, DateOnly? DueOn, long? RecoveryId)
{
    public const int LongestText = 1000;
    public const int LongestTermDays = 366;

    public static readonly ConsequenceForm Empty = new(null, null, null, null, null);

    public (ConsequenceRung Rung, string Finding, string Demand, DateOnly? DueOn, List<FieldError> Errors) Read(DateOnly today)
    {
        var read = new FieldReader();
        var rung = Rung ?? 0;
        if (!Consequence.Imposed.Contains(rung)) read.Fault("rung", new("请选择警告、限期整改或建议吊销；暂停在认定页办理", "Choose warning, rectification or licence proposal; a suspension is spoken on the accreditation's page"));
        var finding = read.Text("finding", Finding, LongestText);
        var demand = read.Text("demand", Demand, LongestText, isOptional: rung == ConsequenceRung.Warning);
        DateOnly? due = null;
        if (rung == ConsequenceRung.Rectification)
        {
            due = read.Day("dueOn", DueOn);
            if (read.IsClean("dueOn") && OutsideTerm(due.Value, today)) read.Fault("dueOn", Term);
        }
        return (rung, finding, demand, due, read.Errors);
    }

    public static bool OutsideTerm(DateOnly due, DateOnly today) => due <= today || due > today.AddDays(LongestTermDays);

    public static readonly Words Term = new("整改期限应在明天起一年之内", "The last day lies between tomorrow and a year from now");
}
