using System.Globalization;

namespace Voucher.Core.Classes;

/// <summary>
/// The kinds of certificate that a training can end in (text 001, 一（六）: 国家职业资格证书、职业技能等级证书或专项职业能力证书, beside
/// the institution's own). Numbers are stored: they never change meaning.
/// </summary>
public enum CertificateKind : short
{
    /// <summary>结业证书: the institution's own, for whoever passed its assessment.</summary>
    Completion = 1,

    /// <summary>职业资格证书或职业技能等级证书, after an appraisal.</summary>
    SkillLevel = 2,

    /// <summary>专项职业能力证书.</summary>
    SpecialSkill = 3,
}

public static class Certificates
{
    /// <summary>Of a number and of an issuer's name.</summary>
    public const int LongestNumber = 40;

    public const int LongestIssuer = 60;

    /// <summary>Of one institution in one year.</summary>
    public const int LastSerial = 99_999;

    public static Words Name(this CertificateKind kind) => kind switch
    {
        CertificateKind.Completion => new("结业证书", "Completion certificate"),
        CertificateKind.SkillLevel => new("职业资格或技能等级证书", "Skill level certificate"),
        CertificateKind.SpecialSkill => new("专项职业能力证书", "Special skill certificate"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of certificate."),
    };

    /// <summary>The number of a completion certificate: institution, year, serial, such as <c>JY0012-2026-00007</c>.</summary>
    /// <param name="serial">1–99,999; counted by institution and year, never used twice.</param>
    public static string NumberOf(InstitutionId institution, int year, int serial)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(serial, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(serial, LastSerial);
        return string.Create(CultureInfo.InvariantCulture, $"JY{institution.Value:D4}-{year:D4}-{serial:D5}");
    }

    /// <summary>The kind as people write it in a sheet: its name, or the short words in use; <c>null</c> for anything else.</summary>
    public static CertificateKind? Read(string? text) => text?.Trim() switch
    {
        "1" or "结业证书" or "结业证" or "培训合格证书" => CertificateKind.Completion,
        "2" or "职业资格或技能等级证书" or "技能等级证书" or "职业技能等级证书" or "职业资格证书" or "国家职业资格证书" or "鉴定证书" => CertificateKind.SkillLevel,
        "3" or "专项职业能力证书" or "专项能力证书" => CertificateKind.SpecialSkill,
        var other => Enum.GetValues<CertificateKind>().Where(kind => kind.Name().En == other).Select(kind => (CertificateKind?)kind).FirstOrDefault(),
    };
}
