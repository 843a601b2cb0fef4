using Voucher.Core.Classes;

namespace Voucher.Core.Tests.Classes;

public sealed class CertificatesTests
{
    [Fact]
    public void A_completion_number_says_institution_year_and_serial()
    {
        Assert.Equal("JY0012-2026-00007", Certificates.NumberOf(new InstitutionId(12), 2026, 7));
        Assert.Throws<ArgumentOutOfRangeException>("serial", () => Certificates.NumberOf(new InstitutionId(1), 2026, 0));
        Assert.Throws<ArgumentOutOfRangeException>("serial", () => Certificates.NumberOf(new InstitutionId(1), 2026, Certificates.LastSerial + 1));
    }

    [Fact]
    public void A_kind_is_read_by_the_name_under_which_it_is_shown()
    {
        foreach (var kind in Enum.GetValues<CertificateKind>()) foreach (var name in new[] { kind.Name().Zh, kind.Name().En }) Assert.Equal(kind, Certificates.Read($" {name} "));
        Assert.Null(Certificates.Read("驾驶证"));
        Assert.Null(Certificates.Read(null));
    }
}
