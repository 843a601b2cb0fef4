using Voucher.Core.Institutions;

namespace Voucher.Core.Tests.Institutions;

public sealed class AccreditationDossierTests
{
    private static readonly AccreditationDossier Complete = new(
        2026, "许可001", "县人社局", new DateOnly(2024, 1, 1), new DateOnly(2026, 6, 30), "招标1号", 40, 4, 300, 1, 2, 3);

    [Fact]
    public void A_complete_application_lacks_nothing() => Assert.Empty(Complete.Missing());

    [Fact]
    public void Each_gap_is_named_by_itself()
    {
        AccreditationDossier[] gaps =
        [
            Complete with { LicenceNo = "" }, Complete with { LicenceAuthority = "" }, Complete with { LicenceFrom = null }, Complete with { LicenceUntil = null },
            Complete with { TenderNo = "" }, Complete with { Rooms = 0 }, Complete with { AreaM2 = 0 }, Complete with { PracticePlaces = 0 },
            Complete with { Teachers = 0 }, Complete with { Capacity = 0 }, Complete with { Programmes = 0 }, Complete with { TeachersLeft = "马师傅" },
        ];
        Assert.All(gaps, gap => Assert.Single(gap.Missing()));
        Assert.Equal(10, gaps.Select(gap => gap.Missing()[0].Zh).Distinct().Count());
    }

    [Theory]
    [InlineData("2025-12-31", false)]
    [InlineData("2026-01-01", true)]
    public void A_licence_that_ends_before_the_year_is_none(string until, bool isEnough) =>
        Assert.Equal(isEnough, (Complete with { LicenceUntil = DateOnly.Parse(until, System.Globalization.CultureInfo.InvariantCulture) }).Missing().Count == 0);

    [Fact]
    public void What_is_granted_stays_within_the_year_and_the_licence()
    {
        Assert.Equal((new DateOnly(2026, 1, 1), new DateOnly(2026, 6, 30)), Complete.LongestPeriod());
        var late = Complete with { LicenceFrom = new DateOnly(2026, 3, 1), LicenceUntil = new DateOnly(2030, 1, 1) };
        Assert.Equal((new DateOnly(2026, 3, 1), new DateOnly(2026, 12, 31)), late.LongestPeriod());
    }
}
