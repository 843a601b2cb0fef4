using Voucher.Core;

namespace Voucher.Core.Tests;

/// <summary>Who is one person, though known under several rows.</summary>
public sealed class ActingPersonTests
{
    private static readonly StaffId Kept = new(7), Old = new(12), Other = new(13);

    [Fact]
    public void A_person_is_every_row_of_theirs_and_nobody_elses()
    {
        var person = new ActingPerson(Kept, new HashSet<StaffId> { Kept, Old });
        Assert.True(person.Is(Kept));
        Assert.True(person.Is(Old));
        Assert.False(person.Is(Other));
        Assert.False(person.Is(null));
    }

    [Fact]
    public void Rows_of_somebody_else_make_nobody_the_same()
    {
        var person = new ActingPerson(Other, new HashSet<StaffId> { Kept, Old });
        Assert.True(person.Is(Other));
        Assert.False(person.Is(Old));
        Assert.False(((ActingPerson)Kept).Is(Old));
    }
}
