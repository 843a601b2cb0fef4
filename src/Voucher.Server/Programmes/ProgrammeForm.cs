using Voucher.Core.Classes;
using Voucher.Server.Api;

namespace Voucher.Server.Programmes;

/// <summary>What a clerk fills in for a programme.</summary>
/// <param name="Code">1000–65535; printed in vouchers, so it never changes once given.</param>
/// <param name="SubsidyFen">Subsidy for a trainee who completes, in 分.</param>
/// <param name="IsOpen">New classes may be opened; yes when left out.</param>
public sealed record ProgrammeForm(
    int? Code, string? Name, int? TradeCode, int? TheoryHours, int? PracticeHours, long? SubsidyFen, bool? IsOpen)
{
    public const int LongestName = 40;
    public const int MostHours = 1000;

    public static readonly ProgrammeForm Empty = new(null, null, null, null, null, null, true);

    public static ProgrammeForm Of(Programme known) => new(
        known.Code, known.Name, known.TradeCode, known.TheoryHours, known.PracticeHours, known.SubsidyFen.Value, known.IsOpen);

    public (ProgrammeEntry Entry, List<FieldError> Errors) Read(IReadOnlyList<Trade> trades)
    {
        var read = new FieldReader();
        var entry = new ProgrammeEntry(
            read.Number("code", Code, VoucherScope.SmallestProgrammeCode, ushort.MaxValue),
            read.Text("name", Name, LongestName),
            TradeCode ?? 0,
            new TeachingHours(
                read.Number("theoryHours", TheoryHours, 0, MostHours),
                read.Number("practiceHours", PracticeHours, 0, MostHours)),
            new Fen(SubsidyFen ?? 0),
            IsOpen ?? true);
        if (trades.All(trade => trade.Code != entry.TradeCode)) read.Fault("tradeCode", new("请选择工种类别", "Choose a trade"));
        if (read.Errors.Count == 0 && entry.Hours.Total == 0) read.Fault("practiceHours", new("课时不能都为 0", "There must be some hours"));
        if (entry.Subsidy <= Fen.Zero || entry.Subsidy > Fen.LargestInput)
            read.Fault("subsidyFen", new("请填写大于 0 的补贴标准，最多两位小数", "Give a subsidy above zero, with at most two decimals"));
        return (entry, read.Errors);
    }
}

/// <summary>A form that was read.</summary>
public sealed record ProgrammeEntry(int Code, string Name, int TradeCode, TeachingHours Hours, Fen Subsidy, bool IsOpen);
