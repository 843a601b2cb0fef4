using System.Security.Cryptography;
using Voucher.Core.Settling;
using Voucher.Server.Database;
using Voucher.Server.Policies;
using Voucher.Server.Register;
using Voucher.Server.Register.Importing;

namespace Voucher.Server.Settling.Payments;

/// <summary>A return file that somebody looks at before it is booked.</summary>
public sealed record ReturnPreview(long Upload, string FileName, string Format, IReadOnlyList<JudgedRow> Rows)
{
    public int Good => Rows.Count(row => row.IsGood);
    public int Differences => Rows.Count(row => row.IsDifference);
}

/// <summary>What came of a return.</summary>
public sealed record BookedReturn(long Id, int Booked, int AlreadyBooked, int Differences);

/// <summary>
/// Imports what the bank answered: uploaded, shown row by row, then booked. A file is booked once, a row's answer is booked once
/// whatever file it comes in, and nothing is booked while a row is wrong, unless somebody chooses to keep it as a difference.
/// </summary>
public sealed class ImportReturn(
    NpgsqlDataSource database, PolicyStore policies, BankFormats formats, PersonalData personalData, SettlingNews news, County county, TimeProvider clock)
{
    public async Task<Outcome<long>> UploadAsync(Actor actor, UploadedFile file, string? formatName)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        if (file.Content.Length > ReturnFile.LargestBytes) return TooLarge();
        var found = Format(formatName);
        if (found is not Outcome<BankFormat>.Done) return Passed<long>(found);
        var format = found.OrThrow();
        var rows = Read(format, file.Content);
        if (rows is not Outcome<IReadOnlyList<ReadRow>>.Done)
            return rows is Outcome<IReadOnlyList<ReadRow>>.BadInput(var errors) ? errors.ToList() : throw new InvalidOperationException();
        var hash = SHA256.HashData(file.Content);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await ReturnStore.BookedBeforeAsync(connection, transaction, hash) is { } before) return BookedBefore(before);
        var upload = await ReturnStore.KeepAsync(
            connection, transaction, county.Region, format.Name, file.Name, personalData.SealBytes(file.Content), hash, actor, clock.GetUtcNow());
        await AuditTrail.AppendAsync(
            connection, transaction, clock.GetUtcNow(), actor.Account, "payment.return-upload", $"payment-return-upload:{upload}",
            $"format {format.Name}, sha256 {Convert.ToHexStringLower(hash)}", Ground.Under(Permission.Pay));
        await transaction.CommitAsync();
        return upload;
    }

    /// <summary>What would happen to each row; nothing is changed.</summary>
    public async Task<Outcome<ReturnPreview>> PreviewAsync(Actor actor, long upload)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // Never committed.
        if (await ReturnStore.UploadAsync(connection, transaction, county.Region, upload) is not { } kept) return Refusal.Of(RefusalCode.NotFound);
        var found = Format(kept.Format);
        if (found is not Outcome<BankFormat>.Done) return Passed<ReturnPreview>(found);
        if (Read(found.OrThrow(), personalData.OpenBytes(kept.ContentSealed)) is not Outcome<IReadOnlyList<ReadRow>>.Done(var rows)) return Refusal.Of(RefusalCode.ReturnHasNothingGood);
        var judged = await JudgeReturn.RunAsync(connection, transaction, rows, personalData, toBook: false);
        return new ReturnPreview(kept.Id, kept.FileName, kept.Format, judged.Rows);
    }

    /// <param name="keepDifferences">Books the good rows although others are wrong, and keeps these for reconciliation.</param>
    /// <param name="paidOn">The day of the bank's answer, not before what it answers was handed over; today when not given.</param>
    public Task<Outcome<BookedReturn>> BookAsync(Actor actor, long upload, bool keepDifferences, DateOnly? paidOn = null) =>
        Deadlock.RunAsync(() => OnceAsync(actor, upload, keepDifferences, paidOn));

    private async Task<Outcome<BookedReturn>> OnceAsync(Actor actor, long upload, bool keepDifferences, DateOnly? paidOn)
    {
        if (!actor.IsCounty || !actor.May(Permission.Pay)) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        if (paidOn > today) return BadDay(null);
        var policy = await policies.InForceOrLastAsync(today);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await StandingRoles.RefuseAsync(connection, transaction, actor, Permission.Pay, policy) is { } gone) return gone;
        await ReturnStore.LockAllAsync(connection, transaction);
        if (await ReturnStore.UploadAsync(connection, transaction, county.Region, upload) is not { } kept) return Refusal.Of(RefusalCode.NotFound);
        if (await ReturnStore.BookedBeforeAsync(connection, transaction, kept.ContentHash) is { } before) return BookedBefore(before);
        var found = Format(kept.Format);
        if (found is not Outcome<BankFormat>.Done) return Passed<BookedReturn>(found);
        if (Read(found.OrThrow(), personalData.OpenBytes(kept.ContentSealed)) is not Outcome<IReadOnlyList<ReadRow>>.Done(var rows)) return Refusal.Of(RefusalCode.ReturnHasNothingGood);
        var judged = await JudgeReturn.RunAsync(connection, transaction, rows, personalData, toBook: true);
        if (judged.Differences > 0 && !keepDifferences) return Refusal.Under(policy, RefusalCode.ReturnHasDifferences, judged.Differences);
        // A file of which not one row is ours was read in the wrong format, or is another's: what stands in its columns is not kept for good.
        if (judged.Good + judged.Differences == 0 || judged.Rows.All(row => row.Row is null)) return Refusal.Under(policy, RefusalCode.ReturnHasNothingGood);
        if (await ReturnStore.SentOnAsync(connection, transaction, [.. judged.Rows.Where(row => row.IsGood).Select(row => row.Row!.Id)]) is { } sentOn && paidOn < sentOn)
            return BadDay(sentOn);
        foreach (var payment in judged.Payments.Values)
            if (await RoundDuties.RefuseAsync(connection, transaction, policy, actor, payment.Rows, payment.Due) is { } same) return same;

        var (booked, told) = await WriteAsync(connection, transaction, kept, judged, paidOn ?? today, policy, actor, now);
        await transaction.CommitAsync();
        foreach (var (payment, shares) in told) await news.PaidAsync(payment, shares);
        return booked;
    }

    private async Task<(BookedReturn Booked, List<(PaymentId, IReadOnlyList<(InstitutionId, Fen)>)> Told)> WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ReturnStore.Upload kept, JudgedReturn judged, DateOnly paidOn, Policy policy, Actor actor, DateTimeOffset now)
    {
        var id = await ReturnStore.InsertAsync(
            connection, transaction, county.Region,
            new NewReturn(ReturnKind.File, kept.Format, JudgeReturn.WithoutNumbers(kept.FileName), kept.ContentHash, null, paidOn, judged.Rows.Count, judged.Good, judged.Differences), actor, now);
        await ReturnStore.InsertRowsAsync(connection, transaction, id, [.. judged.Rows.Select(row => row.ToKeep(row.IsGood))]);
        var good = judged.Rows.Where(row => row.IsGood).ToLookup(row => row.Payment!.Value, row => new GoodAnswer(row.Row!, row.Answer!.Value, row.Amount!.Value, row.Reason));
        await BookAnswers.HoldAsync(connection, transaction, [.. good.SelectMany(answers => answers)], [.. judged.Payments.Values.SelectMany(payment => payment.Due)]);
        List<(PaymentId, IReadOnlyList<(InstitutionId, Fen)>)> told = [];
        foreach (var (payment, of) in judged.Payments.OrderBy(pair => pair.Key.Value))
        {
            if (!good.Contains(payment)) continue;
            told.Add((payment, await BookAnswers.ApplyAsync(connection, transaction, of.Payment, of.Rows, of.Due, id, [.. good[payment]], policy, actor, now)));
        }
        await ReturnStore.DropAsync(connection, transaction, kept.Id);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "payment.return", $"payment-return:{id}",
            $"{judged.Good} booked, {judged.Differences} differences, payments {string.Join(' ', judged.Payments.Keys)}, sha256 {Convert.ToHexStringLower(kept.ContentHash)}",
            Ground.Of(policy.RuleOf(Clause.Payment)));
        return (new BookedReturn(id, judged.Good, judged.Rows.Count - judged.Good - judged.Differences, judged.Differences), told);
    }

    private Outcome<BankFormat> Format(string? name) => formats.Find(name) switch
    {
        Outcome<BankFormat>.Done(var format) when format.Return is null =>
            new List<FieldError> { new("format", new("这个格式没有回盘部分", "This format says nothing of returns")) },
        var outcome => outcome,
    };

    private static Outcome<IReadOnlyList<ReadRow>> Read(BankFormat format, byte[] content)
    {
        try
        {
            var rows = ReturnFile.Read(format.Return!, content);
            return rows.Count > 0
                ? new Outcome<IReadOnlyList<ReadRow>>.Done(rows)
                : new List<FieldError> { new("file", new("文件里没有回盘行", "The file holds no answers")) };
        }
        catch (UnusableFileException fault)
        {
            return new List<FieldError> { new("file", fault.Problem) };
        }
    }

    private static Outcome<T> Passed<T>(Outcome<BankFormat> outcome) => outcome switch
    {
        Outcome<BankFormat>.Refused(var refusal) => refusal,
        Outcome<BankFormat>.BadInput(var errors) => errors.ToList(),
        _ => throw new InvalidOperationException(),
    };

    private static List<FieldError> BadDay(DateOnly? sentOn) => sentOn is { } day
        ? [new("paidOn", new($"付款是 {CountyTime.Show(day)} 送行的，银行日期不能更早", $"It was handed over on {CountyTime.Show(day)}; the bank's day is not before that"))]
        : [new("paidOn", new("银行日期不能晚于今天", "The bank's day is not after today"))];

    private static Refusal BookedBefore((DateTimeOffset At, string By) before) =>
        Refusal.Of(RefusalCode.ReturnAlreadyBooked, CountyTime.Show(before.At), before.By);

    private static List<FieldError> TooLarge() =>
        [new("file", new($"文件超过 {ReturnFile.LargestBytes / 1024 / 1024} MB", $"The file is over {ReturnFile.LargestBytes / 1024 / 1024} MB"))];
}
