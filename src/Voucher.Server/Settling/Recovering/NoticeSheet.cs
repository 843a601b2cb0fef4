using Voucher.Core.Settling;
using Voucher.Server.Institutions.Consequences;
using Voucher.Server.Issuing.Printing;
using Voucher.Server.Portal;

namespace Voucher.Server.Settling.Recovering;

/// <summary>One row of the list in a notice.</summary>
public sealed record NoticeRow(string Voucher, string ClassName, string Reason, Fen Amount);

/// <summary>A notice as it goes out: in Chinese, as it is served, with its number, its sums in figures and in capitals, and its rule.</summary>
/// <param name="Amount">All that is taken back; <paramref name="Receivable"/> is what must be given back of it.</param>
public sealed record NoticeSheet(
    string Title, string Number, string To, IReadOnlyList<string> Paragraphs, IReadOnlyList<NoticeRow> Rows, Fen Amount, Fen Receivable, string Rule, string From, DateOnly On)
{
    public static NoticeSheet OfRecovery(RecoveryDetail known, County county)
    {
        var summary = known.Summary;
        List<string> paragraphs =
        [
            $"经{summary.Source.Name().Zh}查明：{summary.Finding}" + (known.Documents.Length > 0 ? $"（{known.Documents}）" : "") + "。",
            $"依据{known.Rule}，决定追回下列培训券补贴资金合计人民币（大写）{summary.Amount.ToCapitalChinese()}（￥{summary.Amount.ToGroupedYuan()}）。",
        ];
        var kept = summary.Amount - summary.Receivable;
        if (kept > Fen.Zero && summary.State != RecoveryState.Reversed)
            paragraphs.Add($"其中尚未支付的人民币（大写）{kept.ToCapitalChinese()}（￥{kept.ToGroupedYuan()}）不再支付。");
        if (summary.Receivable > Fen.Zero)
            paragraphs.Add(
                $"已支付的人民币（大写）{summary.Receivable.ToCapitalChinese()}（￥{summary.Receivable.ToGroupedYuan()}），请于{Chinese(summary.PayBy)}前缴回原拨付账户，并在附言写明“{summary.Notice}”；"
                + (summary.Institution is null ? "逾期依法追缴。" : "未缴回的，从同一资金来源的下一笔结算款中抵扣。"));
        if (summary.State == RecoveryState.Reversed) paragraphs.Add("本决定已由两人办理撤销，本通知书作废。");
        return new(
            "追回通知书", summary.Notice, known.DebtorFull, paragraphs,
            [.. known.Lines.Select(line => new NoticeRow(line.Voucher.ToString(), line.ClassName, line.Reason, line.Amount))],
            summary.Amount, summary.Receivable, known.Rule, county.Name, CountyTime.DayOf(summary.DecidedAt!.Value));
    }

    public static NoticeSheet OfRectification(ConsequenceRecord known, string rule, County county) => new(
        "整改通知书", known.Notice, known.Institution,
        [
            $"经查，你单位存在以下问题：{known.Finding}",
            $"依据{rule}，责令你单位于{Chinese(known.Machine.DueOn!.Value)}前完成以下整改：{known.Demand}",
            "请在期限内提交书面整改答复和证明材料，由我局验收。逾期未整改或整改不到位的，将依规限制结算、暂停办班，直至建议发证机关吊销办学许可证。",
        ],
        [], Fen.Zero, Fen.Zero, rule, county.Name, CountyTime.DayOf(known.ImposedAt!.Value));

    public static string Chinese(DateOnly day) => $"{day.Year}年{day.Month}月{day.Day}日";
}

/// <summary>The notice as a PDF; each making of it goes on the audit trail.</summary>
public sealed class PrintNotice(NpgsqlDataSource database, PartialHtml partials, PdfPrinter printer, ServerSettings settings, TimeProvider clock)
{
    public async Task<Outcome<byte[]>> RunAsync(NoticeSheet sheet, string subject, Actor actor)
    {
        if (settings.Chromium is null) return Refusal.Of(RefusalCode.NoPdfPrinter);
        var pdf = await printer.PrintAsync(await partials.RenderAsync("/Settling/Recovering/_NoticeDocument.cshtml", sheet), CancellationToken.None);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "notice.print", subject, sheet.Number,
            Ground.Under(Permission.ReadRecoveries));
        await transaction.CommitAsync();
        return pdf;
    }
}
