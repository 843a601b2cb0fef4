using System.Globalization;
using Voucher.Core.Classes;
using Voucher.Server.Api;

namespace Voucher.Server.Classes.Certificates;

/// <summary>One certificate as typed, or as a row of a sheet has it.</summary>
/// <param name="VoucherNumber">As printed, with or without blanks.</param>
/// <param name="Kind">Its name or number; of skill: an institution's own are numbered by the system.</param>
/// <param name="IssuedOn">2026-11-23, or with strokes or dots.</param>
public sealed record CertificateForm(string? VoucherNumber, string? Kind, string? Number, string? Issuer, string? IssuedOn);

/// <summary>Where a fault is: the field of a request, or the cell of a sheet.</summary>
public delegate string CertificatePlace(int index, string part);

/// <summary>The institution records certificates that others have issued: all of the list or nothing.</summary>
public sealed class RecordCertificates(NpgsqlDataSource database, ClassStore classes, County county, TimeProvider clock)
{
    public const int Most = ClassForm.LargestCapacity;

    private static readonly string[] Days = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日"];

    /// <param name="at">Says where a part of an entry stands.</param>
    /// <returns>How many were recorded; what is on record as it is given is passed over, so that a list may be handed in again, longer.</returns>
    public async Task<Outcome<int>> RunAsync(ClassId id, IReadOnlyList<CertificateForm?> forms, Actor actor, CertificatePlace at)
    {
        if (await classes.FindAsync(id, actor) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        var now = clock.GetUtcNow();
        var read = new FieldReader();
        if (forms.Count is 0 or > Most) read.Fault("certificates", new($"请填写 1 至 {Most} 个证书", $"Give 1 to {Most} certificates"));
        if (read.Errors.Count > 0) return read.Errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await classes.FindForUpdateAsync(connection, transaction, id, actor);
        var roster = (await CertificateStore.RosterAsync(connection, transaction, id)).ToLookup(row => row.Voucher);
        var entries = forms.Select((form, index) => ReadOne(read, form, part => at(index, part), roster, known.StartsOn, CountyTime.DayOf(now))).ToList();
        NameTwice(read, entries, at);
        if (read.Errors.Count == 0) await NameTakenAsync(connection, transaction, read, entries, at);
        if (read.Errors.Count > 0) return read.Errors;
        List<NewCertificate> fresh = [.. entries.OfType<NewCertificate>()];
        if (fresh.Count == 0) return 0;
        await CertificateStore.AddAsync(connection, transaction, county.Region, known.InstitutionId, fresh, actor, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "certificate.record", $"class:{id}", $"{fresh.Count} certificates of skill",
            Ground.Under(Permission.RecordAssessment));
        await transaction.CommitAsync();
        return fresh.Count;
    }

    /// <summary><c>null</c> for what is on record already, just so.</summary>
    private static NewCertificate? ReadOne(
        FieldReader read, CertificateForm? form, Func<string, string> at, ILookup<VoucherId, CertificateRow> roster, DateOnly first, DateOnly today)
    {
        var kind = Core.Classes.Certificates.Read(form?.Kind);
        if (kind is null) read.Fault(at("kind"), new("证书种类应为“职业资格或技能等级证书”或“专项职业能力证书”", "Give the kind: skill level, or special skill"));
        if (kind == CertificateKind.Completion)
            read.Fault(at("kind"), new("结业证书由系统统一编号，请用“结业证书编号”", "Completion certificates are numbered by the system: use its button"));
        var number = read.Text(at("number"), form?.Number, Core.Classes.Certificates.LongestNumber);
        var issuer = read.Text(at("issuer"), form?.Issuer, Core.Classes.Certificates.LongestIssuer);
        var isDay = DateOnly.TryParseExact(form?.IssuedOn?.Trim(), Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        if (!isDay || day < first || day > today)
            read.Fault(at("issuedOn"), new($"发证日期应在 {CountyTime.Show(first)} 至 {CountyTime.Show(today)} 之间", $"Give a day from {CountyTime.Show(first)} to {CountyTime.Show(today)}"));
        if (VoucherId.TryParse(form?.VoucherNumber, out var voucher)
            && roster[voucher].Any(row => row.Kind == kind && row.Number == number && row.Issuer == issuer && row.IssuedOn == day)) return null;
        var enrolment = EnrolmentOf(read, form?.VoucherNumber, kind, at("voucherNumber"), roster);
        return new NewCertificate(enrolment, kind ?? CertificateKind.SkillLevel, number, issuer, day);
    }

    /// <summary>A voucher of another class and one that does not exist get the same answer.</summary>
    private static long EnrolmentOf(FieldReader read, string? given, CertificateKind? kind, string at, ILookup<VoucherId, CertificateRow> roster)
    {
        if (!VoucherId.TryParse(given, out var voucher)) read.Fault(at, new("券号不对", "Not a voucher number"));
        else if (!roster.Contains(voucher)) read.Fault(at, new("不在本班名册中", "Not on the roster of this class"));
        else if (roster[voucher].First().HasPassed != true) read.Fault(at, new("考核还没有登记合格", "No pass is recorded for this trainee"));
        else if (roster[voucher].FirstOrDefault(row => row.Kind == kind && row.Kind is not null) is { } there)
            read.Fault(at, new($"已登记这一种证书：{there.Number}；有误的先作废", $"This kind is recorded already: {there.Number}; if it is wrong, make it void first"));
        else return roster[voucher].First().EnrolmentId;
        return 0;
    }

    private static void NameTwice(FieldReader read, List<NewCertificate?> entries, CertificatePlace at)
    {
        var given = entries.Index().Where(one => one.Item is not null).Select(one => (one.Index, Item: one.Item!)).ToList();
        foreach (var group in given.Where(one => one.Item.Number.Length > 0).GroupBy(one => (one.Item.Issuer, one.Item.Number)))
            foreach (var (index, _) in group.Skip(1))
                if (read.IsClean(at(index, "number"))) read.Fault(at(index, "number"), new("同一编号出现两次", "The number is given twice"));
        foreach (var group in given.Where(one => one.Item.EnrolmentId != 0).GroupBy(one => (one.Item.EnrolmentId, one.Item.Kind)))
            foreach (var (index, _) in group.Skip(1))
                if (read.IsClean(at(index, "voucherNumber"))) read.Fault(at(index, "voucherNumber"), new("同一人的同一种证书出现两次", "The same kind is given twice for one trainee"));
    }

    private async Task NameTakenAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, FieldReader read, List<NewCertificate?> entries, CertificatePlace at)
    {
        var taken = await CertificateStore.TakenAsync(connection, transaction, county.Region, [.. entries.OfType<NewCertificate>().Select(entry => (entry.Issuer, entry.Number))]);
        foreach (var (index, entry) in entries.Index())
            if (entry is not null && taken.Contains((entry.Issuer, entry.Number)))
                read.Fault(at(index, "number"), new("这个编号已登记给别的学员", "This number is recorded for another trainee"));
    }
}
