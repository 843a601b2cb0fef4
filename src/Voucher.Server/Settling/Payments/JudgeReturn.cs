using System.Text;
using Voucher.Core.Settling;
using Voucher.Server.Register;

namespace Voucher.Server.Settling.Payments;

/// <summary>A row of a return with what we know and think of it.</summary>
/// <param name="Amount">What would be booked, or else what the file says.</param>
public sealed record JudgedRow(int Line, string Reference, PaymentId? Payment, LockedRow? Row, PaymentAnswer? Answer, ReturnFinding Finding, Fen? Amount, string AccountMasked, string Reason, string Serial, int? Attempt)
{
    public bool IsGood => Finding == ReturnFinding.Good;

    /// <summary>Neither to be booked nor booked before: somebody has to look at it.</summary>
    public bool IsDifference => Finding is not (ReturnFinding.Good or ReturnFinding.AlreadyBooked);

    public NewReturnRow ToKeep(bool isBooked) => new(
        Line, Reference, Row?.Id, isBooked ? Row!.Life.Attempt : Attempt, Answer, Finding, Amount, AccountMasked, Reason, Serial, isBooked);
}

/// <summary>A return under the locks of all payments that it speaks of, but for one that is only looked at.</summary>
public sealed record JudgedReturn(
    IReadOnlyList<JudgedRow> Rows, IReadOnlyDictionary<PaymentId, (LockedPayment Payment, IReadOnlyList<LockedRow> Rows, IReadOnlyList<DuePayable> Due)> Payments)
{
    public int Good => Rows.Count(row => row.IsGood);
    public int Differences => Rows.Count(row => row.IsDifference);
}

/// <summary>Judges each row of a return against the row of ours that it names. Pure decisions are <see cref="ReturnJudge"/>'s.</summary>
public static class JudgeReturn
{
    private const int ShownDigits = 4;

    /// <param name="toBook">Takes the locks under which it may be booked; to look at it, nobody is made to wait.</param>
    public static async Task<JudgedReturn> RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<ReadRow> read, PersonalData personalData, bool toBook)
    {
        Dictionary<PaymentId, (LockedPayment, IReadOnlyList<LockedRow>, IReadOnlyList<DuePayable>)> payments = [];
        foreach (var id in read.Where(row => row.Payment is not null).Select(row => row.Payment!.Value).Distinct().OrderBy(id => id.Value))
            if (await (toBook ? PaymentStore.LockAsync(connection, transaction, id) : PaymentStore.LookAsync(connection, transaction, id)) is { } payment)
                payments[id] = (payment, await PaymentStore.RowsAsync(connection, transaction, id), []);
        var due = await (toBook ? DueStore.LockOfPaymentsAsync(connection, transaction, payments.Keys) : DueStore.LookAtPaymentsAsync(connection, transaction, payments.Keys));
        var takenBack = await DueStore.TakenBackAsync(connection, transaction, [.. due.Select(one => one.Id)]);
        foreach (var (id, (payment, rows, _)) in payments.ToList())
        {
            var own = rows.Select(row => row.Id).ToHashSet();
            payments[id] = (payment, rows, [.. due.Where(one => own.Contains(one.Row!.Value))]);
        }
        var booked = await ReturnStore.BookedAsync(connection, transaction, [.. payments.Values.SelectMany(payment => payment.Item2).Select(row => row.Id)]);
        var seen = read.Where(row => row.Payment is not null).CountBy(row => (row.Payment, row.RowNumber)).ToDictionary();
        return new JudgedReturn([.. read.Select(row => Judge(row, payments, booked, takenBack, seen, personalData))], payments);
    }

    private static JudgedRow Judge(
        ReadRow read, Dictionary<PaymentId, (LockedPayment Payment, IReadOnlyList<LockedRow> Rows, IReadOnlyList<DuePayable> Due)> payments,
        ILookup<long, BookedAnswer> booked, IReadOnlySet<long> takenBack, Dictionary<(PaymentId?, int), int> seen, PersonalData personalData)
    {
        (LockedPayment Payment, IReadOnlyList<LockedRow> Rows, IReadOnlyList<DuePayable> Due)? of =
            read.Payment is { } id && payments.TryGetValue(id, out var found) ? found : null;
        var row = of?.Rows.FirstOrDefault(one => one.Number == read.RowNumber);
        var isTwice = read.Payment is not null && seen[(read.Payment, read.RowNumber)] > 1;
        var returned = new ReturnedRow(read.Answer, read.Amount, read.HasAmount, read.Attempt, read.Serial, row is not null && IsOther(read, row, personalData), isTwice);
        var finding = ReturnJudge.Judge(returned, row is null ? null : Known(of!.Value.Payment, row, of.Value.Due, takenBack, booked[row.Id]));
        var amount = finding == ReturnFinding.Good ? ReturnJudge.AmountOf(returned, row!.Life) : read.Amount;
        // Of a row that is none of ours nobody knows what its columns hold: in the wrong format the reference may be an account. It is kept for good.
        return new JudgedRow(
            read.Line, read.Payment is null ? WithoutNumbers(read.Reference) : read.Reference, read.Payment, row, read.Answer, finding, amount, Masked(read.Account),
            WithoutNumbers(read.Reason), row is null ? WithoutNumbers(read.Serial) : read.Serial, read.Attempt);
    }

    private static KnownRow Known(LockedPayment payment, LockedRow row, IReadOnlyList<DuePayable> due, IReadOnlySet<long> takenBack, IEnumerable<BookedAnswer> booked)
    {
        List<DuePayable> owed = [.. due.Where(one => one.Row == row.Id)];
        var sum = owed.Aggregate(Fen.Zero, (total, one) => total + one.Amount);
        var isTakenBack = owed.Exists(one => takenBack.Contains(one.Id)) || sum != row.Life.Amount + row.Netted;
        return new KnownRow(row.Life, payment.Status == PaymentStatus.Cancelled, isTakenBack, [.. booked]);
    }

    /// <summary>The account to the digit, or as far as the bank shows it; the name without regard to width and blanks. What the file leaves empty says nothing.</summary>
    private static bool IsOther(ReadRow read, LockedRow row, PersonalData personalData)
    {
        if (read.Name.Length > 0 && Plain(read.Name) != Plain(row.PayeeName)) return true;
        if (read.Account.Length == 0) return false;
        var account = personalData.Open(row.PayeeAccountSealed);
        var given = read.Account.Replace(" ", "", StringComparison.Ordinal);
        return given.Contains('*') ? given.Length < ShownDigits || !account.EndsWith(given[^ShownDigits..], StringComparison.Ordinal) : given != account;
    }

    private static string Plain(string name) => string.Concat(name.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));

    private static string Masked(string account) => account.Length < ShownDigits ? "" : $"****{account[^ShownDigits..]}";

    /// <summary>The bank's words may hold account numbers; what is kept does not.</summary>
    public static string WithoutNumbers(string reason)
    {
        var text = reason.Length > 200 ? reason[..200] : reason;
        return Unmasking.HoldsNumber(text) ? string.Concat(text.Select(c => char.IsDigit(c) ? '*' : c)) : text;
    }
}
