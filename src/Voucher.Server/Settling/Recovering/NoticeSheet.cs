using Voucher.Core.Settling;
using Voucher.Server.Institutions.Consequences;

namespace Voucher.Server.Settling.Recovering;

/// <summary>One row of the list in a notice.</summary>
public sealed record NoticeRow(string Voucher, string ClassName, string Reason, Fen Amount);

/// <summary>
/// A notice as it goes out: in Chinese, as it is served, with its number, its sums in figures and in capitals, and its rule. It is made
/// from what was decided and never from what became of it, so that it reads in ten years as it was served.
/// </summary>
/// <param name="Amount">All that is taken back; <paramref name="Receivable"/> is what must be given back of it.</param>
/// <param name="Stamp">Across it, where it does not count any more; <c>null</c> where it does.</param>
public sealed record NoticeSheet(
    string Title, string Number, string To, IReadOnlyList<string> Paragraphs, IReadOnlyList<NoticeRow> Rows, Fen Amount, Fen Receivable, string Rule, string From, DateOnly On,
    string? Stamp = null)
{
    private const string ToObject = "如对本通知有异议，可在收到之日起十五日内向我局书面提出。";

    /// <summary>What may be done against it; a letter to another authority says nothing of that.</summary>
    public string? Remedy { get; private init; } = ToObject;

    public static NoticeSheet OfRecovery(RecoveryDetail known, County county)
    {
        var summary = known.Summary;
        var decision = known.Steps.Single(step => step.Step == RecoveryStep.Decide);
        var receivable = decision.Amount ?? Fen.Zero;
        List<string> paragraphs =
        [
            $"经{summary.Source.Name().Zh}查明：{summary.Finding}" + (known.Documents.Length > 0 ? $"（{known.Documents}）" : "") + "。",
            $"依据{decision.Rule}，决定追回下列培训券补贴资金合计人民币（大写）{summary.Amount.ToCapitalChinese()}（￥{summary.Amount.ToGroupedYuan()}）。",
        ];
        var kept = summary.Amount - receivable;
        if (kept > Fen.Zero) paragraphs.Add($"其中尚未支付的人民币（大写）{kept.ToCapitalChinese()}（￥{kept.ToGroupedYuan()}）不再支付。");
        if (receivable > Fen.Zero)
            paragraphs.Add(
                $"已支付的人民币（大写）{receivable.ToCapitalChinese()}（￥{receivable.ToGroupedYuan()}），请于{Chinese(summary.PayBy)}前缴回原拨付账户，并在附言写明“{summary.Notice}”；"
                + (summary.Institution is null ? "逾期依法追缴。" : "未缴回的，从同一资金来源、同一年度和用途的下一笔结算款中抵扣。"));
        return new(
            "追回通知书", summary.Notice, known.DebtorFull, paragraphs,
            [.. known.Lines.Select(line => new NoticeRow(line.Voucher.ToString(), line.ClassName, line.Reason, line.Amount))],
            summary.Amount, receivable, decision.Rule, county.Name, CountyTime.DayOf(summary.DecidedAt!.Value),
            summary.State == RecoveryState.Reversed ? "本决定已由两人办理撤销，本通知书作废。" : null);
    }

    /// <param name="imposed">The step of the second person, by which it was imposed.</param>
    public static NoticeSheet OfConsequence(ConsequenceRecord known, ConsequenceStepRow imposed, County county)
    {
        var (title, to, paragraphs) = known.Machine.Rung switch
        {
            ConsequenceRung.Warning => OfWarning(known, imposed),
            ConsequenceRung.LicenceProposal => OfLicenceProposal(known, imposed),
            _ => OfRectification(known, imposed),
        };
        return new(title, known.Notice, to, paragraphs, [], Fen.Zero, Fen.Zero, imposed.Rule, county.Name, CountyTime.DayOf(imposed.At))
        {
            Remedy = known.Machine.Rung == ConsequenceRung.LicenceProposal ? null : ToObject,
        };
    }

    private static (string Title, string To, IReadOnlyList<string> Paragraphs) OfRectification(ConsequenceRecord known, ConsequenceStepRow imposed) =>
        ("整改通知书", known.Institution,
        [
            $"经查，你单位存在以下问题：{known.Finding}",
            $"依据{imposed.Rule}，责令你单位于{Chinese(imposed.DueOn!.Value)}前完成以下整改：{known.Demand}",
            "请在期限内提交书面整改答复和证明材料，由我局验收。逾期未整改或整改不到位的，将依规限制结算、暂停办班，直至建议发证机关吊销办学许可证。",
        ]);

    private static (string Title, string To, IReadOnlyList<string> Paragraphs) OfWarning(ConsequenceRecord known, ConsequenceStepRow imposed) =>
        ("警告通知书", known.Institution,
        [
            $"经查，你单位存在以下问题：{known.Finding}",
            $"依据{imposed.Rule}，决定对你单位予以警告。" + (known.Demand.Length > 0 ? $"要求：{known.Demand}" : ""),
            "请引以为戒，规范办班。再次发生同类问题的，将责令限期整改，直至建议发证机关吊销办学许可证。",
        ]);

    private static (string Title, string To, IReadOnlyList<string> Paragraphs) OfLicenceProposal(ConsequenceRecord known, ConsequenceStepRow imposed) =>
        ("关于建议吊销办学许可证的函", "办学许可证发证机关",
        [
            $"经查，{known.Institution}存在以下问题：{known.Finding}",
            $"依据{imposed.Rule}，建议贵机关依法吊销{known.Institution}的办学许可证。{known.Demand}",
            "在贵机关作出决定前，我局按政策规定限制该单位新开班、申报结算和资金支付。请将处理结果函告我局。",
        ]);

    public static string Chinese(DateOnly day) => $"{day.Year}年{day.Month}月{day.Day}日";
}
